import { ExitCode } from "../exit_code.ts";
import type { PartContext, PartOutcome } from "../parts/part.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { tellName } from "./tell_name.ts";

/**
 * Has the DHCP server, and by it DNS, learn a name that is new.
 *
 * @param context The run.
 * @param root What is in front of the paths of the clients' files; a test has its own.
 * @returns Which DHCP clients were told.
 * @throws {ProvisioningError} `name_not_in_dns`, if a client cannot be told, or if
 * there is none and the part is required.
 */
export async function run(
  context: PartContext,
  root = "",
): Promise<PartOutcome> {
  const { host, stateDir, log, clock, deadline, signal } = context;
  const name = host.currentName();
  if (name === context.nameBefore) {
    return skipped(`the name "${name}" is not new`);
  }
  const { told, problems } = await tellName(name, {
    root,
    stateDir,
    log,
    run: host.run,
    remainingMs: () => deadline - clock.now(),
    ...(signal === undefined ? {} : { signal }),
  });
  if (problems.length > 0) {
    throw problem(
      `The name "${name}" may not get into DNS: ${problems.join("; ")}`,
    );
  }
  if (told.length > 0) {
    return { kind: "done", what: `told the name to ${told.join(", ")}` };
  }
  const why = "no DHCP client is known here that could tell DNS the name";
  if (context.required) {
    throw problem(
      `The name "${name}" does not get into DNS: ${why}; see which clients there can be`,
    );
  }
  log.info(`The name "${name}" does not get into DNS by DHCP: ${why}`);
  return skipped(why);
}

function skipped(why: string): PartOutcome {
  return { kind: "skipped", why };
}

function problem(message: string): ProvisioningError {
  return new ProvisioningError(message, {
    key: "name_not_in_dns",
    exitCode: ExitCode.configuration,
  });
}
