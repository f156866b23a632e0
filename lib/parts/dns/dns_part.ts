import { DNS_NEEDS, DNS_PROGRAMS } from "./dns_needs.ts";
import { notifyClients } from "./notify_clients.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The part `dns`: notifies the DHCP clients of a new host name, so that it gets into DNS. */
export const dnsPart: Part = {
  name: "dns",
  summary:
    "has the DHCP client announce a new host name, so that it gets into DNS",
  default: true,
  needs: DNS_NEEDS,
  programs: DNS_PROGRAMS,
  // A client's plan writes to the state folder, which the program may write to anyway.
  paths: [],
  optional: true,
  wanted: ({ computerName, name }) => (computerName ?? name) !== undefined,
  run,
};

async function run(context: PartContext): Promise<PartOutcome> {
  const { host, stateDir, log, clock, deadline, signal } = context;
  const name = host.currentName();
  // An earlier run may have set the name and been stopped before this; if the part is required, it makes up for that.
  if (name === context.nameBefore && !context.required) {
    return { kind: "done", what: `the name "${name}" is not new` };
  }
  const { notified, problems } = await notifyClients(name, {
    root: host.etcDir.replace(/\/etc$/, ""),
    stateDir,
    log,
    run: host.run,
    remainingMs: () => deadline - clock.now(),
    signal,
  });
  if (problems.length > 0) {
    throw new ProvisioningError(
      `The name "${name}" may not get into DNS: ${problems.join("; ")}`,
      { key: "name_not_in_dns", exitCode: ExitCode.configuration },
    );
  }
  return notified.length > 0
    ? { kind: "done", what: `notified ${notified.join(", ")} of the name` }
    : {
      kind: "skipped",
      why: "no known DHCP client was found that could pass the name on to DNS",
    };
}
