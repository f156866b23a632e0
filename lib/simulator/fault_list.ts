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

function formatTargets(targets: readonly Target[]): string {
  if (targets.length === TARGETS.length) return "every target";
  return targets.length === WITH_BODY.length
    ? `every target but ${
      TARGETS.filter((target) => !targets.includes(target)).join(", ")
    }`
    : targets.join(" and ");
}
