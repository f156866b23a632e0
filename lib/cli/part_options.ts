import type { Options } from "./options.ts";
import type { PartSettings } from "../parts/part.ts";
import { hostnamePart } from "../parts/hostname/hostname_part.ts";
import { contradictions, type PartLists } from "../parts/select_parts.ts";

/** The options that select parts. */
export type PartOption = "requireHostName" | "withParts" | "withoutParts";

/**
 * Returns the parts that one source, the command line or the configuration file, names.
 * `require-hostname` means the same as `hostname` in `with`.
 *
 * @param options The options that the source sets.
 */
export function partListsOf(
  options: Readonly<Partial<Pick<Options, PartOption>>>,
): PartLists {
  const { requireHostName, withParts = [], withoutParts = [] } = options;
  return {
    withParts: requireHostName && !withParts.includes(hostnamePart.name)
      ? [hostnamePart.name, ...withParts]
      : withParts,
    withoutParts,
  };
}

/**
 * Finds a contradiction in what one source says about parts.
 *
 * @param options The options that the source sets.
 * @returns The problem, if there is one.
 */
export function partsProblem(
  options: Readonly<Partial<Pick<Options, PartOption>>>,
): string | undefined {
  const [both] = contradictions(partListsOf(options));
  return both === undefined
    ? undefined
    : `The part "${both}" is both required and left out`;
}

/** Returns the settings of the parts. */
export function settingsOf(
  { adminGroups, adminShell, adminSudo }: Readonly<
    Pick<Options, keyof PartSettings>
  >,
): PartSettings {
  return { adminGroups, adminShell, adminSudo };
}
