import { parseFault } from "./fault.ts";
import { parseCard } from "./network_cards.ts";
import type { PlatformOptions } from "./platform.ts";
import { quote } from "./refusal.ts";
import { parseField, parseTag } from "./vm_fields.ts";

/** A VM and its faults, as the options of a command line describe them. */
export interface Description {
  readonly computerName?: string | undefined;
  readonly vmName?: string | undefined;
  readonly vmId?: string | undefined;
  readonly adminUsername?: string | undefined;
  readonly publicKeys: readonly string[];
  readonly allowPasswords: boolean;
  readonly hasCustomData: boolean;
  /** The text, which the metadata has as base64. */
  readonly userData?: string | undefined;
  /** Each as {@linkcode parseCard} reads it. */
  readonly nics: readonly string[];
  /** Each `NAME=VALUE`. */
  readonly tags: readonly string[];
  /** Each `FIELD=VALUE`. */
  readonly compute: readonly string[];
  readonly ppsType?: string | undefined;
  /** Each `NAME[@TARGET][=N]`. */
  readonly faults: readonly string[];
}

/**
 * Makes options of a platform from a description.
 *
 * @throws {Error} If a value is wrong. The message names its option, and says what is wrong.
 */
export function describedVm(
  { allowPasswords, userData, ...rest }: Description,
): Partial<PlatformOptions> {
  const { computerName, vmName, vmId, adminUsername, publicKeys } = rest;
  const { hasCustomData, ppsType, nics, tags, compute, faults } = rest;
  return {
    computerName,
    vmName,
    vmId,
    adminUsername,
    publicKeys,
    hasCustomData,
    ppsType,
    cards: nics.length === 0
      ? undefined
      : read("--nic", nics, parseCard, ({ mac }) => mac),
    tags: Object.fromEntries(read("--tag", tags, parseTag, nameOf)),
    fields: Object.fromEntries(read("--compute", compute, parseField, nameOf)),
    faults: read("--fault", faults, parseFault),
    disablePasswordAuthentication: !allowPasswords,
    userData: userData === undefined ? undefined : toBase64(userData),
  };
}

/** Reads the values of an option. No two may have the same key. */
function read<T>(
  option: string,
  values: readonly string[],
  parse: (value: string, index: number) => T,
  keyOf?: (parsed: T) => string,
): T[] {
  try {
    const parsed = values.map(parse);
    if (keyOf !== undefined) requireUnique(parsed.map(keyOf));
    return parsed;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw wrong(option, error.message, error);
  }
}

function requireUnique(keys: readonly string[]): void {
  const repeated = keys.find((key, index) => keys.indexOf(key) < index);
  if (repeated !== undefined) {
    throw new Error(`${quote(repeated)} is given twice`);
  }
}

function nameOf([name]: readonly [string, string]): string {
  return name;
}

/** One character at a time: as arguments of one call, long data would overflow the stack. */
function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
}

function wrong(option: string, problem: string, cause?: Error): Error {
  return new Error(`The option "${option}" has a wrong value: ${problem}`, {
    cause,
  });
}
