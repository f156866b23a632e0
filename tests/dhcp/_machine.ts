import { assert } from "@std/assert";
import type { DhcpClient, NotifyPlan } from "../../lib/dhcp/client.ts";
import type { MachineFiles } from "../../lib/dhcp/machine_files.ts";

/** A folder for files of a plan's own. */
export const STATE = "/var/lib/azure-provisioning";

/** A machine that has these files, by their paths. */
export function machineWith(
  files: Readonly<Record<string, string>>,
): MachineFiles {
  return {
    names: (folder) =>
      [
        ...new Set(
          Object.keys(files).filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1).split("/")[0]!),
        ),
      ].sort(),
    text: (path) => files[path],
  };
}

/** A client that runs on a machine, and what notifying it runs; nothing if it cannot be notified. */
export interface Planned {
  readonly device: string | undefined;
  readonly lines: readonly string[];
}

/** Plans what notifies a client's processes of the name "vm"; it must be permitted to run its programs. */
export function planned(
  client: DhcpClient,
  files: Readonly<Record<string, string>>,
): Planned[] {
  return client.findRunning(machineWith(files)).map((running) => {
    const plan = running.planNotify("vm", STATE);
    const steps = (plan.kind === "plan" ? [plan.notify, plan.cleanUp] : [])
      .filter((step) => step !== undefined);
    for (const { program } of steps) assert(client.programs.includes(program));
    return {
      device: running.device,
      lines: steps.map(({ program, args }) => [program, ...args].join(" ")),
    };
  });
}

/** The only plan on a machine. */
export function onlyPlan(
  client: DhcpClient,
  files: Readonly<Record<string, string>>,
): NotifyPlan {
  const [running, ...others] = client.findRunning(machineWith(files));
  const plan = running?.planNotify("vm", STATE);
  if (plan?.kind !== "plan" || others.length > 0) {
    throw new Error(`There is not one plan for ${client.name}`);
  }
  return plan;
}

/** WireServer's address in a lease of a client; all of its places are read alike. */
export function wireServerIn(
  { leaseFiles }: DhcpClient,
  lease: string | Uint8Array,
): string | undefined {
  return leaseFiles[0]!.wireServerIn(
    typeof lease === "string" ? new TextEncoder().encode(lease) : lease,
  );
}
