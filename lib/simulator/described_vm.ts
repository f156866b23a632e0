import { parseFault } from "./fault.ts";
import { parseCard } from "./network_cards.ts";
import type { PlatformOptions } from "./platform.ts";
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
    cards: nics.length === 0 ? undefined : read("--nic", nics, parseCard),
    tags: Object.fromEntries(read("--tag", tags, parseTag)),
    fields: Object.fromEntries(read("--compute", compute, parseField)),
    faults: read("--fault", faults, parseFault),
    disablePasswordAuthentication: !allowPasswords,
    userData: userData === undefined ? undefined : toBase64(userData),
  };
}

function read<T>(
  option: string,
  values: readonly string[],
  parse: (value: string, index: number) => T,
): T[] {
  try {
    return values.map(parse);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(
      `The option "${option}" has a wrong value: ${error.message}`,
      { cause: error },
    );
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
