/** What the first boot needs from the instance metadata; absent values are left out. */
export interface Instance {
  /** The VM's id, which an image made from it does not have. */
  readonly vmId?: string;
  /** `compute.osProfile.computerName`: the host name that was asked for. */
  readonly computerName?: string;
  /** `compute.name`: the name of the VM's resource. */
  readonly name?: string;
}

/** The largest metadata that are read, in bytes; user data and tags together may have 200 KB. */
export const MAX_METADATA_BYTES = 256 * 1024;

/**
 * Reads the answer of `/metadata/instance`.
 *
 * Empty texts count as absent: the platform sends both.
 *
 * @param json The answer.
 * @returns What is there.
 * @throws {TypeError} If the text is over 256 KiB, not JSON, or has no `compute` object.
 */
export function parseInstance(json: string): Instance {
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
  return instanceOf({
    vmId: textIn(compute, "vmId"),
    computerName: textIn(objectIn(compute, "osProfile"), "computerName"),
    name: textIn(compute, "name"),
  });
}

/**
 * Makes an {@linkcode Instance} of texts that may be absent or empty.
 *
 * @param values The texts.
 * @returns The instance, with blanks around the values taken off.
 */
export function instanceOf(
  values: { readonly [Key in keyof Instance]-?: string | undefined },
): Instance {
  const instance: { -readonly [Key in keyof Instance]: string } = {};
  for (const key of ["vmId", "computerName", "name"] as const) {
    const value = values[key]?.trim();
    if (value) instance[key] = value;
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

function valueIn(parent: unknown, key: string): unknown {
  return typeof parent === "object" && parent !== null &&
      Object.hasOwn(parent, key)
    ? (parent as Record<string, unknown>)[key]
    : undefined;
}
