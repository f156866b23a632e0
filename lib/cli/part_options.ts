import type { Options } from "./options.ts";
import type { PartSettings } from "../parts/part.ts";
import { hostnamePart } from "../parts/hostname/hostname_part.ts";
import { contradictions, type PartLists } from "../parts/select_parts.ts";

/**
 * What one source, the command line or the configuration file, says about parts;
 * `require-hostname` is another word for the host name in `with`.
 *
 * @param options The options that it sets.
 * @returns The parts that it names.
 */
export function partListsOf(options: Readonly<Partial<Options>>): PartLists {
  const { requireHostName, withParts = [], withoutParts = [] } = options;
  return {
    withParts: requireHostName && !withParts.includes(hostnamePart.name)
      ? [hostnamePart.name, ...withParts]
      : withParts,
    withoutParts,
  };
}

/**
 * Says what is wrong with what one source says about parts.
 *
 * @param options The options that it sets.
 * @returns The problem, if there is one.
 */
export function partsProblem(
  options: Readonly<Partial<Options>>,
): string | undefined {
  const [both] = contradictions(partListsOf(options));
  return both === undefined
    ? undefined
    : `The part "${both}" is both required and left out`;
}

/**
 * What the parts are told.
 *
 * @param options All options.
 * @returns The parts' settings.
 */
export function settingsOf(options: Readonly<Options>): PartSettings {
  const { adminGroups, adminShell, adminSudo } = options;
  return {
    adminGroups,
    adminShell,
    adminSudo,
  };
}
