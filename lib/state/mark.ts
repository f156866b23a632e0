import { isVmId } from "../vm_id.ts";

/** The mark of a VM that has reported ready. */
export interface Mark {
  /** The VM's id, lower-case; absent if the metadata stayed away, or had none of use. */
  readonly vmId?: string;
  /** The role instance of the goal state that the report was built from. */
  readonly instanceId?: string;
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
 * @returns The mark, or `undefined` if the text is none. An id that is no identity,
 * see {@linkcode isVmId}, counts as absent.
 */
export function parseMark(text: string): Mark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { vmId, instanceId, at, version } = value as Record<string, unknown>;
  if (typeof at !== "string" || typeof version !== "string") return undefined;
  return {
    at,
    version,
    ...(typeof vmId === "string" && isVmId(vmId) ? { vmId } : {}),
    ...(typeof instanceId === "string" && instanceId !== ""
      ? { instanceId }
      : {}),
  };
}

/** What is known of the VM that the program runs on. */
export interface VmIdentity {
  /** The VM's id from the metadata, if they could be had. */
  readonly vmId?: string | undefined;
  /** The goal state's role instance, if it was fetched. */
  readonly instanceId?: string | undefined;
}

/** Whether a mark belongs to the VM that the program runs on. */
export type Ownership = "same" | "another" | "unknown";

/**
 * Compares a mark with the VM.
 *
 * The VM's id decides. Where the metadata stay away, now or when the mark was
 * written, the role instance does: a mark that came with an image must not keep a
 * new VM from reporting ready, which would be its end, while reporting twice does
 * no harm.
 *
 * @param mark The mark.
 * @param vm What is known of the VM.
 * @returns Whose mark it is, as far as can be told.
 */
export function ownerOf(mark: Mark, vm: VmIdentity): Ownership {
  for (const key of ["vmId", "instanceId"] as const) {
    const [marked, known] = [mark[key], vm[key]];
    if (marked === undefined || known === undefined) continue;
    return marked.toLowerCase() === known.toLowerCase() ? "same" : "another";
  }
  return "unknown";
}
