import type { Instance } from "../imds/instance.ts";
import type { Part, PartInfo } from "./part.ts";

/** What somebody says about parts: their names. */
export interface PartLists {
  /** Those that are required. */
  readonly withParts: readonly string[];
  /** Those that are left out. */
  readonly withoutParts: readonly string[];
}

/** The parts that run, and whether a VM can be ready where one finds nothing to work with. */
export type PartSelection = ReadonlyMap<string, "selected" | "required">;

/**
 * Finds the parts that one source both asks for and leaves out.
 *
 * @param lists What it says.
 * @returns Their names.
 */
export function contradictions(lists: PartLists): string[] {
  return lists.withParts.filter((name) => lists.withoutParts.includes(name));
}

/**
 * Puts two sources together; for each part the stronger one's word counts.
 *
 * @param weaker Such as what the configuration file says.
 * @param stronger Such as what the command line says.
 * @returns What counts.
 */
export function overrideLists(
  weaker: PartLists,
  stronger: PartLists,
): PartLists {
  const left = (names: readonly string[], over: readonly string[]) =>
    names.filter((name) => !over.includes(name));
  const { withParts, withoutParts } = stronger;
  return {
    withParts: [
      ...left(weaker.withParts, [...withParts, ...withoutParts]),
      ...withParts,
    ],
    withoutParts: [
      ...left(weaker.withoutParts, [...withParts, ...withoutParts]),
      ...withoutParts,
    ],
  };
}

/**
 * Decides which parts run.
 *
 * @param table The parts there are.
 * @param lists What was said about them; what is required is not left out.
 * @returns Those that run.
 */
export function selectParts(
  table: readonly PartInfo[],
  lists: PartLists,
): PartSelection {
  const selection = new Map<string, "selected" | "required">();
  for (const { name, default: isDefault } of table) {
    if (lists.withParts.includes(name)) selection.set(name, "required");
    else if (isDefault && !lists.withoutParts.includes(name)) {
      selection.set(name, "selected");
    }
  }
  return selection;
}

/**
 * Finds the parts that have something to do.
 *
 * @param table The parts there are.
 * @param selection Those that may run.
 * @param instance What the metadata say.
 * @returns Those that are required, or selected and asked for by the metadata, in the
 * table's order.
 */
export function wantedParts(
  table: readonly Part[],
  selection: PartSelection,
  instance: Instance,
): readonly Part[] {
  return table.filter(({ name, wanted }) =>
    selection.get(name) === "required" ||
    (selection.has(name) && wanted(instance))
  );
}

/**
 * Finds the programs that nothing will run.
 *
 * @param table The parts there are.
 * @param selection Those that may run.
 * @returns The names of the programs of the others.
 */
export function unusedPrograms(
  table: readonly PartInfo[],
  selection: PartSelection,
): string[] {
  const used = table.filter(({ name }) => selection.has(name))
    .flatMap(({ programs }) => programs);
  return table.flatMap(({ programs }) => programs)
    .filter((program) => !used.includes(program));
}
