import type { CallContext } from "../../http/retry.ts";
import { hostNameFrom } from "./host_name.ts";
import { setHostName } from "./set_host_name.ts";
import { HOST_NAME_PART } from "../parts.ts";
import type { Metadata } from "../../provision/metadata.ts";
import type { ProvisionOptions } from "../../provision/options.ts";
import { asProvisioningError } from "../../provisioning_error.ts";
import type { PhaseResult } from "../../record/recorder.ts";

/** What naming the host gets, however late it is, in milliseconds. */
const NAME_RESERVE_MS = 1_000;

/**
 * Sets the host name that the metadata ask for, unless it is left out.
 *
 * @param instance The metadata, or why there are none.
 * @param options The machine, and whether the name has to be set.
 * @param context What calls share.
 * @returns How it went; what is wrong is a warning, unless the name is required.
 * @throws {ProvisioningError} If it is required and cannot be had or set.
 */
export async function nameTheHost(
  instance: Metadata,
  options: ProvisionOptions,
  { clock, deadline }: CallContext,
): Promise<PhaseResult> {
  const { log, selection, host, signal } = options;
  const choice = selection.get(HOST_NAME_PART.name);
  if (choice === undefined) {
    log.debug("The host name is left alone, as asked");
    return { outcome: "skipped", what: "left out" };
  }
  try {
    if (!instance.ok) throw instance.error;
    const name = hostNameFrom(instance.value, log);
    await setHostName(name, host, {
      log,
      remainingMs: deadline + NAME_RESERVE_MS - clock.now(),
      signal,
    });
    return { outcome: "done", what: `host name "${name}"` };
  } catch (error) {
    signal?.throwIfAborted();
    const problem = asProvisioningError(error);
    if (choice === "required") throw problem;
    log.warn(
      problem.key === "host_name_not_set"
        ? problem.message
        : `${problem.message}; the VM keeps the name that it has`,
    );
    return { outcome: "warned", what: problem.key };
  }
}
