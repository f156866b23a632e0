import {
  parseFault,
  type PlatformOptions,
} from "../../../lib/simulator/mod.ts";

/**
 * Makes options of a platform from faults.
 *
 * @param texts What goes wrong, such as `503@health=2`.
 * @returns The options.
 */
export function faults(...texts: string[]): Pick<PlatformOptions, "faults"> {
  return { faults: texts.map(parseFault) };
}
