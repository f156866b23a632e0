import { fileProblem } from "../files/file_problem.ts";
import { readBounded } from "../files/read_bounded.ts";
import type { Instance } from "../imds/instance.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";
import { Secret } from "../secret.ts";
import {
  childrenNamed,
  exactTextOf,
  isNamed,
  parseXml,
  type ScopedElement,
  textOf,
} from "../xml/parse_xml.ts";

/** The namespace of the document. */
const OVF = "http://schemas.dmtf.org/ovf/environment/1";

/** The namespace of everything in it that is Azure's. */
const AZURE = "http://schemas.microsoft.com/windowsazure";

/**
 * The values that are read from the configuration of a Linux VM. Each key is one of
 * {@linkcode Instance}; `fillIn()` takes it where the metadata lacks it.
 */
const FIELDS = {
  computerName: (set) => textIn(set, "HostName"),
  adminUsername: (set) => textIn(set, "UserName"),
  disablePasswordAuthentication: (set) =>
    flagIn(set, "DisableSshPasswordAuthentication"),
  publicKeys: wholeKeysIn,
  adminPassword: passwordIn,
  customData: (set) => textIn(set, "CustomData"),
} as const satisfies {
  readonly [Key in keyof Instance]?: (
    set: ScopedElement,
  ) => Instance[Key] | undefined;
};

/**
 * The largest `ovf-env.xml` that is read, in bytes. With the most custom data that a VM
 * can have it takes about 90 KB. The tree of a larger one could take more memory than a
 * small VM has.
 */
export const MAX_OVF_ENV_BYTES = 256 * 1024;

/** What the provisioning media say about a VM. */
export interface OvfEnv {
  /** The same values as the metadata has. */
  readonly instance: Instance;
  /** The fingerprints of keys that are only named. */
  readonly absentKeys: readonly string[];
  /**
   * Whether the VM was started before it had an owner, so that its names are made up. The
   * platform gives it the right ones later, in another way.
   */
  readonly isPreprovisioned: boolean;
  /** Whether the VM was created with the Metadata Security Protocol. */
  readonly wantsProxyAgent: boolean;
}

/**
 * Reads the copy of `ovf-env.xml`. Needs `--allow-read` for it.
 *
 * @throws {ProvisioningError} With the key `media_unreadable`, `media_invalid` or
 * `media_preprovisioned`, if it cannot be used. No message quotes the file.
 */
export function readOvfEnv(path: string): OvfEnv {
  const ovfEnv = parseBytes(path, readBytes(path));
  if (ovfEnv.isPreprovisioned) {
    throw unusable(
      path,
      "It is of a VM that has no owner yet, and its names are made up",
      "media_preprovisioned",
    );
  }
  return ovfEnv;
}

/**
 * Parses `ovf-env.xml`, as the platform writes it.
 *
 * An element counts only in its own place and namespace, under any prefix. If it is
 * repeated, the first one counts.
 *
 * @throws {TypeError} If it is over 256 KiB, not well-formed, has a DOCTYPE, has no
 * configuration of a Linux VM, or a password that is not text alone. No message quotes it:
 * it may hold a password.
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
  // A missing value has no key: see Instance.
  const values = Object.entries(FIELDS).map(([key, read]) => [key, read(set)])
    .filter(([, value]) => value !== undefined);
  return {
    instance: Object.fromEntries(values),
    absentKeys: publicKeysIn(set).filter(({ value }) => value === undefined)
      .map(({ fingerprint = "" }) => fingerprint),
    isPreprovisioned: hasSetting(root, "PreprovisionedVm"),
    wantsProxyAgent: hasSetting(root, "ProvisionGuestProxyAgent"),
  };
}

function parseDocument(xml: string): ScopedElement {
  try {
    return { element: parseXml(xml) };
  } catch (error) {
    // The message of the parser may quote the password.
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

function textIn(parent: ScopedElement, local: string): string | undefined {
  const found = child(parent, local);
  return (found && textOf(found.element)) || undefined;
}

function flagIn(parent: ScopedElement, local: string): boolean | undefined {
  const word = textIn(parent, local)?.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/**
 * What cloud-init and the Azure Linux Agent write over the password in the copies that they
 * keep. Both are too short for a password of the platform's.
 */
const PLACEHOLDERS: readonly string[] = ["REDACTED", "*"];

/** Blanks around it belong to it, as nothing says that they do not. */
function passwordIn(set: ScopedElement): Secret | undefined {
  const found = child(set, "UserPassword");
  if (found === undefined) return undefined;
  if (found.element.children.some(({ type }) => type === "element")) {
    throw new TypeError("It has elements in its UserPassword");
  }
  const text = exactTextOf(found.element);
  const isIndentation = text.includes("\n") && text.trim() === "";
  return text === "" || isIndentation || PLACEHOLDERS.includes(text)
    ? undefined
    : new Secret(text);
}

function wholeKeysIn(set: ScopedElement): readonly string[] | undefined {
  const keys = publicKeysIn(set).map(({ value }) => value)
    .filter((value) => value !== undefined);
  return keys.length === 0 ? undefined : keys;
}

function publicKeysIn(set: ScopedElement) {
  const ssh = child(set, "SSH");
  const list = ssh && child(ssh, "PublicKeys");
  if (list === undefined) return [];
  return childrenNamed(list, AZURE, "PublicKey").map((key) => ({
    value: textIn(key, "Value"),
    fingerprint: textIn(key, "Fingerprint"),
  }));
}

function hasSetting(root: ScopedElement, local: string): boolean {
  const section = child(root, "PlatformSettingsSection");
  const settings = section && child(section, "PlatformSettings");
  return settings !== undefined &&
    flagIn(settings, local) === true;
}

function readBytes(path: string): Uint8Array {
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

function parseBytes(path: string, bytes: Uint8Array): OvfEnv {
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
