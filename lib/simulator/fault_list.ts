import type { NamedFault } from "./fault_kind.ts";
import { FAULTS } from "./fault_table.ts";
import { type Target, TARGETS, WITH_BODY } from "./targets.ts";

/** Faults that can be aimed at the same targets. */
export interface FaultGroup {
  /** Such as "every target" or "goal-state and metadata". */
  readonly targets: string;
  readonly faults: readonly ListedFault[];
}

/** A fault as the help and the documentation list it. */
export interface ListedFault {
  /** The name, with its number if that is required: "late-start=SECONDS". */
  readonly usage: string;
  readonly summary: string;
}

/** Lists all faults that have a name, those of the most targets first. */
export function faultGroups(): FaultGroup[] {
  const groups = Map.groupBy(FAULTS, ({ targets }) => targets.join());
  return [...groups.values()]
    .sort((a, b) => b[0]!.targets.length - a[0]!.targets.length)
    .map((faults) => ({
      targets: formatTargets(faults[0]!.targets),
      faults: faults.map(listed),
    }));
}

/** What a terminal's help says of the options whose values the simulator reads. */
export function formatHelp(): string {
  return `--throttle counts for each service separately. A VM is an address at which the
service is reached.

--compute sets a field such as location, vmSize or securityProfile.securityType. It
refuses an unknown one with the list of all.

--fault NAME[@TARGET][=N] plays a fault on N requests, or on all. TARGET is one of
${wrapped(TARGETS)}.
Without one, the fault is played on every target that is listed for it. NAME is an
HTTP status from 300 to 599, for every target, or one of these.

${formatFaultGroups(faultGroups())}`;
}

/** Formats the list for a terminal. */
export function formatFaultGroups(groups: readonly FaultGroup[]): string {
  const width = Math.max(
    ...groups.flatMap(({ faults }) => faults.map(({ usage }) => usage.length)),
  );
  return groups.map(({ targets, faults }) =>
    [
      `Faults for ${targets}:`,
      ...faults.map(({ usage, summary }) =>
        `  ${usage.padEnd(width)}  ${summary}`
      ),
    ].join("\n")
  ).join("\n\n");
}

function listed({ name, number, summary }: NamedFault): ListedFault {
  return { usage: number === "seconds" ? `${name}=SECONDS` : name, summary };
}

/** Words in lines of at most 82 characters. */
function wrapped(words: readonly string[]): string {
  return words.join(", ").replace(/(.{1,82})(?: |$)/g, "$1\n").trimEnd();
}

function formatTargets(targets: readonly Target[]): string {
  switch (targets.length) {
    case TARGETS.length:
      return "every target";
    case WITH_BODY.length:
      return "every target whose answer has a body";
    default:
      return targets.join(" and ");
  }
}
