/** The mark of a VM that has reported ready. */
export interface Mark {
  /** The VM's id, lower-case; absent if the metadata stayed away. */
  readonly vmId?: string;
  /** When the platform accepted the report, as an ISO 8601 date. */
  readonly at: string;
  /** The version of the program that wrote the mark. */
  readonly version: string;
}

/**
 * Writes a mark as text.
 *
 * @param mark The mark.
 * @returns One JSON object and a line end.
 */
export function formatMark(mark: Mark): string {
  return JSON.stringify(mark, null, 2) + "\n";
}

/**
 * Reads a mark.
 *
 * @param text What {@linkcode formatMark} wrote.
 * @returns The mark, or `undefined` if the text is none.
 */
export function parseMark(text: string): Mark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { vmId, at, version } = value as Record<string, unknown>;
  if (typeof at !== "string" || typeof version !== "string") return undefined;
  return {
    at,
    version,
    ...(typeof vmId === "string" && vmId !== "" ? { vmId } : {}),
  };
}

/** Whether a mark belongs to the VM that the program runs on. */
export type Ownership = "same" | "another" | "unknown";

/**
 * Compares a mark with the VM.
 *
 * Metadata that cannot be had are no reason to provision again: the mark is then
 * taken for this VM's. A mark without an id cannot be told from one that came with
 * an image, and reporting ready twice does no harm where not reporting is the end
 * of a VM: it is taken for nobody's.
 *
 * @param mark The mark.
 * @param vmId The VM's id from its metadata, if there is one.
 * @returns Whose mark it is.
 */
export function ownerOf(mark: Mark, vmId: string | undefined): Ownership {
  if (mark.vmId === undefined) return "unknown";
  if (vmId === undefined) return "same";
  return mark.vmId.toLowerCase() === vmId.toLowerCase() ? "same" : "another";
}
