import { ExitCode } from "../../exit_code.ts";
import type { PartContext, PartOutcome } from "../part.ts";
import { ProvisioningError } from "../../provisioning_error.ts";
import { tellName } from "../../dns/tell_name.ts";

/**
 * Has the DHCP server, and by it DNS, learn a name that is new.
 *
 * @param context The run; the clients' files are where the host's `/etc` is.
 * @returns Which DHCP clients were told.
 * @throws {ProvisioningError} `name_not_in_dns`, if a client cannot be told.
 */
export async function run(context: PartContext): Promise<PartOutcome> {
  const { host, stateDir, log, clock, deadline, signal } = context;
  const name = host.currentName();
  // A run before this one may have set it, and not told it: who requires that gets it.
  if (name === context.nameBefore && !context.required) {
    return { kind: "done", what: `the name "${name}" is not new` };
  }
  const { told, problems } = await tellName(name, {
    root: host.etcDir.replace(/\/etc$/, ""),
    stateDir,
    log,
    run: host.run,
    remainingMs: () => deadline - clock.now(),
    ...(signal === undefined ? {} : { signal }),
  });
  if (problems.length > 0) {
    throw new ProvisioningError(
      `The name "${name}" may not get into DNS: ${problems.join("; ")}`,
      { key: "name_not_in_dns", exitCode: ExitCode.configuration },
    );
  }
  return told.length > 0
    ? { kind: "done", what: `the name was told to ${told.join(", ")}` }
    : {
      kind: "skipped",
      why: "no DHCP client is known here that could tell DNS the name",
    };
}
