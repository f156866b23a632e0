import { fileProblem } from "../files/file_problem.ts";
import { readBounded } from "../files/read_bounded.ts";
import { writeAtomically } from "../files/write_atomically.ts";
import type { Log } from "../log/create_log.ts";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import { isVmId } from "../vm_id.ts";

/** The mark of a VM that has reported Ready. */
export interface Mark {
  /** The VM's id, lower-case; absent if the metadata was unavailable or had no usable id. */
  readonly vmId?: string | undefined;
  /** The role instance of the goal state that the report was built from. */
  readonly instanceId?: string | undefined;
  /** When the platform accepted the report, as an ISO 8601 date. */
  readonly at: string;
  /** The version of the program that wrote the mark. */
  readonly version: string;
}

/** The result of {@linkcode readMark}. */
export type ReadMarkResult =
  | { readonly kind: "none" }
  | { readonly kind: "mark"; readonly mark: Mark }
  | { readonly kind: "unreadable"; readonly reason: string };

/** A mark has a few hundred bytes. */
const MAX_MARK_BYTES = 64 * 1024;

/** Reads the mark of an earlier run. */
export function readMark(stateDir: string): ReadMarkResult {
  const path = markPath(stateDir);
  try {
    const bytes = readBounded(path, MAX_MARK_BYTES);
    const mark = parseMark(new TextDecoder().decode(bytes));
    return mark === undefined
      ? {
        kind: "unreadable",
        reason: `"${path}" is not a mark of this program`,
      }
      : { kind: "mark", mark };
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? { kind: "none" } : {
      kind: "unreadable",
      reason: `Cannot read "${path}": ${fileProblem(error)}`,
    };
  }
}

/**
 * Writes the mark atomically.
 *
 * @param stateDir The state directory; created if it does not exist.
 * @throws {ProvisioningError} If it cannot be written.
 */
export function writeMark(stateDir: string, mark: Mark): void {
  const path = markPath(stateDir);
  try {
    Deno.mkdirSync(stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, formatMark(mark), { mode: 0o644 });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write the mark "${path}": ${
        fileProblem(error)
      }; the VM is ready, but the next boot provisions again`,
      { key: "mark_not_written", exitCode: ExitCode.cannotCreate },
    );
  }
}

/**
 * Removes the mark of another VM, because the script that runs user data relies on it.
 * Failure is not fatal.
 */
export function forgetMark(stateDir: string, log: Log): void {
  const path = markPath(stateDir);
  try {
    Deno.removeSync(path);
  } catch (error) {
    log.debug(`Cannot remove the mark "${path}": ${fileProblem(error)}`);
  }
}

/** The path of the mark. */
export function markPath(stateDir: string): string {
  return `${stateDir}/provisioned.json`;
}

/** Formats a mark as one JSON object and a line end. */
export function formatMark(mark: Mark): string {
  return JSON.stringify(mark, null, 2) + "\n";
}

/**
 * Parses what {@linkcode formatMark} wrote.
 *
 * @returns The mark, or `undefined` if the text is not one. An id that identifies no
 * VM, see {@linkcode isVmId}, is left out.
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
  /** The VM's id from the metadata, if available. */
  readonly vmId?: string | undefined;
  /** The goal state's role instance, if it was fetched. */
  readonly instanceId?: string | undefined;
}

/** Whether a mark belongs to the VM that the program runs on. */
export type Ownership = "same" | "another" | "unknown";

/**
 * Compares a mark with the VM.
 *
 * The VM's id decides. If one of the two has no id, the role instance decides, because
 * a mark that came with an image must not keep a new VM from reporting Ready: such a VM
 * would be lost, whereas reporting twice does no harm.
 */
export function ownerOf(mark: Mark, vm: VmIdentity): Ownership {
  for (const key of ["vmId", "instanceId"] as const) {
    const [marked, known] = [mark[key], vm[key]];
    if (marked === undefined || known === undefined) continue;
    return marked.toLowerCase() === known.toLowerCase() ? "same" : "another";
  }
  return "unknown";
}
