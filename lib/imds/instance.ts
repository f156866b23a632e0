import { shorten } from "../shorten.ts";
import { isVmId } from "../vm_id.ts";

/** What the first boot needs from the instance metadata; absent values are left out. */
export interface Instance {
  /** The VM's id, a GUID, which an image made from it does not have. */
  readonly vmId?: string;
  /** `compute.osProfile.computerName`: the host name that was asked for. */
  readonly computerName?: string;
  /** `compute.name`: the name of the VM's resource. */
  readonly name?: string;
  /** `compute.osProfile.adminUsername`: the user who is to log in. */
  readonly adminUsername?: string;
  /**
   * `compute.osProfile.disablePasswordAuthentication`: whether only keys are to open
   * a session. The platform sends the words "true" and "false".
   */
  readonly disablePasswordAuthentication?: boolean;
  /** `compute.publicKeys`: the `keyData` of each, as they were sent; never empty. */
  readonly publicKeys?: readonly string[];
  /** `compute.userData`: base64, as it was sent. */
  readonly userData?: string;
  /** Base64, as the provisioning media have it; the metadata never do. */
  readonly customData?: string;
  /** The names of the values that are from the provisioning media, and not from the metadata. */
  readonly fromMedia?: readonly string[];
}

/** The largest metadata that are read, in bytes; user data and tags together may have 200 KB. */
export const MAX_METADATA_BYTES = 256 * 1024;

/**
 * Reads the answer of `/metadata/instance`.
 *
 * Empty texts count as absent: the platform sends both.
 *
 * @param json The answer.
 * @param onProblem Gets what is there and cannot be used.
 * @returns What is there that can be used.
 * @throws {TypeError} If the text is over 256 KiB, not JSON, or has no `compute` object.
 */
export function parseInstance(
  json: string,
  onProblem: OnProblem = () => {},
): Instance {
  if (json.length > MAX_METADATA_BYTES) {
    throw new TypeError(
      `The instance metadata are over ${MAX_METADATA_BYTES} bytes`,
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(json.startsWith("\ufeff") ? json.slice(1) : json);
  } catch {
    throw new TypeError("The instance metadata are not JSON");
  }
  const compute = objectIn(document, "compute");
  if (compute === undefined) {
    throw new TypeError('The instance metadata have no "compute"');
  }
  const osProfile = objectIn(compute, "osProfile");
  const passwords = flagIn(osProfile, "disablePasswordAuthentication");
  const publicKeys = publicKeysIn(compute);
  const userData = textIn(compute, "userData");
  return {
    ...instanceOf({
      vmId: textIn(compute, "vmId"),
      computerName: textIn(osProfile, "computerName"),
      name: textIn(compute, "name"),
      adminUsername: textIn(osProfile, "adminUsername"),
    }, onProblem),
    ...(passwords === undefined
      ? {}
      : { disablePasswordAuthentication: passwords }),
    ...(publicKeys.length === 0 ? {} : { publicKeys }),
    ...(userData === undefined || isBlank(userData) ? {} : { userData }),
  };
}

const NAMES = ["vmId", "computerName", "name", "adminUsername"] as const;

/** Those of an instance's values that are names or ids. */
export type InstanceNames = Pick<Instance, typeof NAMES[number]>;

/**
 * Gets a message about a value that cannot be used.
 *
 * @param problem The message.
 */
export type OnProblem = (problem: string) => void;

/**
 * Takes names and ids that may be absent or empty.
 *
 * @param values The texts.
 * @param onProblem Gets what is there and cannot be used.
 * @returns Those that are there, with blanks around the values taken off. A `vmId` that
 * is no identity, see {@linkcode isVmId}, counts as absent.
 */
export function instanceOf(
  values: { readonly [Key in keyof InstanceNames]: string | undefined },
  onProblem: OnProblem = () => {},
): InstanceNames {
  const instance: { -readonly [Key in keyof InstanceNames]: string } = {};
  for (const key of NAMES) {
    const value = values[key]?.trim();
    if (!value) continue;
    if (key === "vmId" && !isVmId(value)) {
      onProblem(
        `The instance metadata has the vmId "${
          shorten(value)
        }", which does not identify one VM; going on without it`,
      );
      continue;
    }
    instance[key] = value;
  }
  return instance;
}

function objectIn(parent: unknown, key: string): object | undefined {
  const value = valueIn(parent, key);
  return typeof value === "object" && value !== null ? value : undefined;
}

function textIn(parent: unknown, key: string): string | undefined {
  const value = valueIn(parent, key);
  return typeof value === "string" ? value : undefined;
}

function flagIn(parent: unknown, key: string): boolean | undefined {
  const value = valueIn(parent, key);
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  return word === "true" ? true : word === "false" ? false : undefined;
}

function publicKeysIn(compute: object): string[] {
  const keys = valueIn(compute, "publicKeys");
  if (!Array.isArray(keys)) return [];
  return keys.map((key) => textIn(key, "keyData"))
    .filter((text) => text !== undefined && !isBlank(text)) as string[];
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function valueIn(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null &&
      Object.hasOwn(parent, key)
    ? (parent as Record<string, unknown>)[key]
    : undefined;
}
