import { readBounded } from "../files/read_bounded.ts";
import { fileProblem } from "../files/write_atomically.ts";
import type { Instance } from "../imds/instance.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";
import {
  childrenNamed,
  isNamed,
  parseXml,
  type ScopedElement,
  textOf,
} from "../xml/parse_xml.ts";

/** The namespace of the document. */
const OVF = "http://schemas.dmtf.org/ovf/environment/1";

/** The namespace of all that Azure has in it. */
const AZURE = "http://schemas.microsoft.com/windowsazure";

/**
 * The largest `ovf-env.xml` that is read, in bytes. With the most custom data that there
 * can be, one has about 90 KB; the tree of a larger one could take more memory than a
 * small VM has.
 */
export const MAX_OVF_ENV_BYTES = 256 * 1024;

/** What the provisioning media say of a VM. */
export interface OvfEnv {
  /** As the metadata would have it; absent values are left out. */
  readonly instance: Instance;
  /** The fingerprints of keys that are named, but are not there themselves. */
  readonly absentKeys: readonly string[];
  /**
   * Whether the VM was started before it had an owner, so that the names are made up;
   * the platform gives the right ones later, by another way.
   */
  readonly isPreprovisioned: boolean;
}

/**
 * Reads `ovf-env.xml`, as the platform has it on the provisioning media.
 *
 * The password in it is not looked at. An element counts at its own place and in its
 * own namespace only, under any prefix, and the first of a name counts.
 *
 * @param xml The file's text; a byte order mark in front does no harm.
 * @returns What it says.
 * @throws {TypeError} If it is over 256 KiB, not well-formed, has a DOCTYPE, or has no
 * configuration of a Linux VM. No message quotes it: it may hold a password.
 */
export function parseOvfEnv(xml: string): OvfEnv {
  if (xml.length > MAX_OVF_ENV_BYTES) {
    throw new TypeError(`It is over ${MAX_OVF_ENV_BYTES} bytes`);
  }
  const root = parseDocument(xml);
  if (!isNamed(root, OVF, "Environment")) {
    throw new TypeError(`It has no Environment of the namespace "${OVF}"`);
  }
  const section = child(root, "ProvisioningSection");
  const set = section && child(section, "LinuxProvisioningConfigurationSet");
  if (set === undefined) {
    throw new TypeError(
      `It has no LinuxProvisioningConfigurationSet of the namespace "${AZURE}"`,
    );
  }
  const keys = publicKeysIn(set);
  const values = keys.map(({ value }) => value).filter((it) => it !== "");
  const passwords = flagIn(set, "DisableSshPasswordAuthentication");
  return {
    instance: {
      ...textAs("computerName", set, "HostName"),
      ...textAs("adminUsername", set, "UserName"),
      ...(passwords === undefined
        ? {}
        : { disablePasswordAuthentication: passwords }),
      ...(values.length === 0 ? {} : { publicKeys: values }),
      ...textAs("customData", set, "CustomData"),
    },
    absentKeys: keys.filter(({ value }) => value === "")
      .map(({ fingerprint }) => fingerprint),
    isPreprovisioned: isPreprovisioned(root),
  };
}

function parseDocument(xml: string): ScopedElement {
  try {
    return { element: parseXml(xml) };
  } catch (error) {
    // What the parser says may quote the password.
    throw new TypeError(`It is not well-formed XML${placeOf(error)}`);
  }
}

function placeOf(error: unknown): string {
  const { line, column } = error as { line?: unknown; column?: unknown };
  return Number(line) > 0 && Number(column) > 0
    ? `: see line ${line}, column ${column}`
    : "";
}

function child(
  parent: ScopedElement,
  local: string,
): ScopedElement | undefined {
  return childrenNamed(parent, AZURE, local)[0];
}

function textIn(parent: ScopedElement, local: string): string {
  const found = child(parent, local);
  return found === undefined ? "" : textOf(found.element);
}

function textAs<Key extends "computerName" | "adminUsername" | "customData">(
  key: Key,
  parent: ScopedElement,
  local: string,
): { readonly [_ in Key]?: string } {
  const text = textIn(parent, local);
  return text === "" ? {} : { [key]: text } as { readonly [_ in Key]: string };
}

function flagIn(parent: ScopedElement, local: string): boolean | undefined {
  const word = textIn(parent, local).toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function publicKeysIn(
  set: ScopedElement,
): { readonly value: string; readonly fingerprint: string }[] {
  const ssh = child(set, "SSH");
  const list = ssh && child(ssh, "PublicKeys");
  if (list === undefined) return [];
  return childrenNamed(list, AZURE, "PublicKey").map((key) => ({
    value: textIn(key, "Value"),
    fingerprint: textIn(key, "Fingerprint"),
  }));
}

function isPreprovisioned(root: ScopedElement): boolean {
  const section = child(root, "PlatformSettingsSection");
  const settings = section && child(section, "PlatformSettings");
  return settings !== undefined &&
    flagIn(settings, "PreprovisionedVm") === true;
}

/**
 * Reads the copy of `ovf-env.xml`. Needs `--allow-read` for it.
 *
 * @param path Its path.
 * @returns What it says.
 * @throws {ProvisioningError} With the key `media_unreadable`, `media_invalid` or
 * `media_preprovisioned`, if it cannot be used; no message quotes it.
 */
export function readOvfEnv(path: string): OvfEnv {
  const ovfEnv = parse(path, read(path));
  if (ovfEnv.isPreprovisioned) {
    throw unusable(
      path,
      "It is of a VM that has no owner yet, and its names are made up",
      "media_preprovisioned",
    );
  }
  return ovfEnv;
}

function read(path: string): Uint8Array {
  try {
    return readBounded(path, MAX_OVF_ENV_BYTES);
  } catch (error) {
    throw error instanceof TypeError
      ? unusable(path, sentence(error.message), "media_invalid")
      : unusable(path, fileProblem(error), "media_unreadable");
  }
}

function sentence(end: string): string {
  return `${end[0]!.toUpperCase()}${end.slice(1)}`;
}

function parse(path: string, bytes: Uint8Array): OvfEnv {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(path, "It is not UTF-8", "media_invalid");
  }
  try {
    return parseOvfEnv(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unusable(path, messageOf(error), "media_invalid");
  }
}

function unusable(
  path: string,
  problem: string,
  key: string,
): ProvisioningError {
  return new ProvisioningError(
    `Cannot use what the provisioning media say, "${path}": ${problem}`,
    { key, exitCode: ExitCode.badData },
  );
}
