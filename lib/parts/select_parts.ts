import type { UnusedPermissions } from "../host/host.ts";
import type { Part } from "./part.ts";

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
  table: readonly Pick<Part, "name" | "default">[],
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
 * Finds the permissions that no selected part needs.
 *
 * @param table All parts.
 * @param selection The parts that may run.
 */
export function unusedPermissions(
  table: readonly Pick<Part, "name" | "programs" | "paths">[],
  selection: PartSelection,
): UnusedPermissions {
  const selected = table.filter(({ name }) => selection.has(name));
  const unused = (key: "programs" | "paths") =>
    table.flatMap((part) => part[key])
      .filter((it) => !selected.some((part) => part[key].includes(it)));
  return { programs: unused("programs"), paths: unused("paths") };
}
