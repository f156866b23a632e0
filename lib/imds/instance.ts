import type { Secret } from "../secret.ts";
import { shorten } from "../shorten.ts";
import { isVmId } from "../vm_id.ts";

/**
 * Every value that is read from the metadata: where it is below `compute`, and how it is
 * read. A row also declares the property of {@linkcode Instance}.
 */
const FIELDS = {
  /** The VM's id, a GUID. An image made from the VM does not have it. */
  vmId: ["vmId", readVmId],
  /** The host name that was asked for. */
  computerName: ["osProfile.computerName", readWord],
  /** The name of the VM's resource. */
  name: ["name", readWord],
  /** The user who is to log in. */
  adminUsername: ["osProfile.adminUsername", readWord],
  /** True if the metadata says that nobody is to log in, and not only says nothing of a user. */
  hasNoUser: ["osProfile.adminUsername", readNone],
  /** Whether logging in takes a key. The platform sends the words "true" and "false". */
  disablePasswordAuthentication: [
    "osProfile.disablePasswordAuthentication",
    readFlag,
  ],
  /** The `keyData` of each key, unchanged; never empty. */
  publicKeys: ["publicKeys", readPublicKeys],
  /** Base64, unchanged. */
  userData: ["userData", readText],
} as const satisfies Record<string, readonly [path: string, Read<unknown>]>;

/** Gets a message about a value that cannot be used. */
export type OnProblem = (problem: string) => void;

/** Returns the value of a field, or `undefined` if it is empty or of the wrong type. */
type Read<T> = (value: unknown, onProblem: OnProblem) => T | undefined;

type Fields = {
  readonly [Key in keyof typeof FIELDS]?: NonNullable<
    ReturnType<typeof FIELDS[Key][1]>
  >;
};

/**
 * What a first boot needs to know of the VM. A value that is missing has no key, so that
 * spreading one instance over another keeps the other's value.
 */
export interface Instance extends Fields {
  /** Base64. Only the provisioning media have it. */
  readonly customData?: string;
  /** Whether the provisioning media have custom data, if the metadata says so. */
  readonly hasCustomData?: boolean;
  /** The admin user's password. Only the provisioning media have it. */
  readonly adminPassword?: Secret;
  /** The keys of the values that the provisioning media filled in. */
  readonly fromMedia?: readonly string[];
}

/** The largest metadata that is read, in bytes. User data and tags may take 200 KB of it. */
export const MAX_METADATA_BYTES = 256 * 1024;

/**
 * Parses the answer of `/metadata/instance`. Empty values count as missing.
 *
 * @throws {TypeError} If the text is over 256 KiB, not JSON, or has no `compute` object.
 */
export function parseInstance(
  json: string,
  onProblem: OnProblem = () => {},
): Instance {
  if (json.length > MAX_METADATA_BYTES) {
    throw new TypeError(
      `The instance metadata is over ${MAX_METADATA_BYTES} bytes`,
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(json.startsWith("\ufeff") ? json.slice(1) : json);
  } catch {
    throw new TypeError("The instance metadata is not JSON");
  }
  const compute = memberOf(document, "compute");
  if (typeof compute !== "object" || compute === null) {
    throw new TypeError('The instance metadata has no "compute"');
  }
  const hasCustomData = readFlag(
    ["extended", "compute", "hasCustomData"].reduce(memberOf, document),
  );
  return {
    ...instanceOf(compute, onProblem),
    ...(hasCustomData === undefined ? {} : { hasCustomData }),
  };
}

/**
 * Reads the values of a `compute` object.
 *
 * @param compute The object, which may be incomplete.
 */
export function instanceOf(
  compute: object,
  onProblem: OnProblem = () => {},
): Instance {
  const instance: Record<string, unknown> = {};
  for (const [key, [path, read]] of Object.entries(FIELDS)) {
    const value = read(path.split(".").reduce(memberOf, compute), onProblem);
    if (value !== undefined) instance[key] = value;
  }
  return instance;
}

function memberOf(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null &&
      Object.hasOwn(parent, key)
    ? (parent as Record<string, unknown>)[key]
    : undefined;
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function readWord(value: unknown): string | undefined {
  return readText(value)?.trim();
}

function readNone(value: unknown): true | undefined {
  return value === "" ? true : undefined;
}

function readVmId(value: unknown, onProblem: OnProblem): string | undefined {
  const id = readWord(value);
  if (id === undefined || isVmId(id)) return id;
  onProblem(
    `The instance metadata has the vmId "${
      shorten(id)
    }", which does not identify one VM; going on without it`,
  );
  return undefined;
}

function readFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = readWord(value)?.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function readPublicKeys(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const keys = value.map((key) => readText(memberOf(key, "keyData")))
    .filter((key) => key !== undefined);
  return keys.length === 0 ? undefined : keys;
}
