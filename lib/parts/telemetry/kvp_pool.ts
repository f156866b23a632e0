import type { Clock } from "../../clock.ts";
import { fileProblem } from "../../files/file_problem.ts";
import {
  hasSameKey,
  KVP_RECORD_BYTES,
  type KvpItem,
  kvpRecord,
} from "./kvp_record.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The pool of what the guest says to the host (`KVP_POOL_GUEST`). */
export const KVP_POOL = "/var/lib/hyperv/.kvp_pool_1";

/** The paths that are written. */
export const TELEMETRY_PATHS: readonly string[] = [KVP_POOL];

/** The context of {@linkcode putInPool}. */
export interface PoolContext {
  /** Measures the wait for the lock. */
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Ends the wait for the lock. */
  readonly signal?: AbortSignal | undefined;
}

/** How long to wait for another writer, in milliseconds; writing a record takes far less than one. */
const LOCK_WAIT_MS = 1_000;
const LOCK_STEP_MS = 20;

/** How many records are read at once. */
const BLOCK_RECORDS = 64;

/** How many records are searched; a longer pool is only appended to. */
const MAX_RECORDS = 4_096;

/** Whether a path is a pool: a regular file, which Hyper-V's `hv_kvp_daemon` creates. */
export async function isPool(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isFile;
  } catch {
    return false;
  }
}

/**
 * Puts keys and values into a pool, under its lock (`flock`, which cloud-init and
 * azure-init take as well).
 *
 * If a key is present, its value is replaced in place, wherever it is, as the daemon
 * does it; records of other writers stay. New keys are appended in one write. If a
 * crash left part of a record at the end, it is overwritten, because it would shift
 * all later records.
 *
 * The daemon reads under another kind of lock (`fcntl`), which Deno does not have. It
 * may see some of the records before others, but never part of a record.
 *
 * @param path The pool, which has to exist.
 * @throws {ProvisioningError} If it cannot be written, or stays locked for a second.
 * Nothing is appended then.
 */
export async function putInPool(
  path: string,
  items: readonly KvpItem[],
  context: PoolContext,
): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await lock(file, context);
    await putRecords(file, items.map(kvpRecord));
  } catch (error) {
    context.signal?.throwIfAborted();
    throw new ProvisioningError(
      `Cannot write the telemetry to "${path}": ${
        fileProblem(error)
      }; the host does not learn from it how provisioning went`,
      {
        key: "telemetry_not_written",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

/** Locks a file until it is closed or the program ends. */
async function lock(
  file: Deno.FsFile,
  { clock, signal }: PoolContext,
): Promise<void> {
  const end = clock.now() + LOCK_WAIT_MS;
  while (!await file.tryLock(true)) {
    if (clock.now() >= end) {
      throw new Error(
        `another program has held its lock for ${LOCK_WAIT_MS} ms`,
      );
    }
    await clock.sleep(LOCK_STEP_MS, signal);
  }
}

async function putRecords(
  file: Deno.FsFile,
  records: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const { size } = await file.stat();
  const end = size - size % KVP_RECORD_BYTES;
  const added = new Set(records);
  for await (const [offset, found] of recordsIn(file, end)) {
    const record = records.find((it) => hasSameKey(found, it));
    if (record === undefined) continue;
    added.delete(record);
    await writeAt(file, offset, record);
  }
  if (added.size === 0) return;
  try {
    await writeAt(file, end, concat([...added]));
  } catch (error) {
    await file.truncate(end);
    throw error;
  }
}

/** Reads the records before `end`, each with its offset. */
async function* recordsIn(
  file: Deno.FsFile,
  end: number,
): AsyncGenerator<[number, Uint8Array]> {
  const block = new Uint8Array(BLOCK_RECORDS * KVP_RECORD_BYTES);
  const last = Math.min(end, MAX_RECORDS * KVP_RECORD_BYTES);
  for (let offset = 0; offset < last; offset += block.length) {
    const wanted = block.subarray(0, Math.min(block.length, last - offset));
    await readAt(file, offset, wanted);
    for (let at = 0; at < wanted.length; at += KVP_RECORD_BYTES) {
      yield [offset + at, wanted.subarray(at, at + KVP_RECORD_BYTES)];
    }
  }
}

async function readAt(
  file: Deno.FsFile,
  offset: number,
  into: Uint8Array,
): Promise<void> {
  await file.seek(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < into.length;) {
    const read = await file.read(into.subarray(filled));
    if (read === null) throw new Error("it became shorter while it was read");
    filled += read;
  }
}

async function writeAt(
  file: Deno.FsFile,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await file.seek(offset, Deno.SeekMode.Start);
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

function concat(
  records: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(records.length * KVP_RECORD_BYTES);
  records.forEach((record, i) => bytes.set(record, i * KVP_RECORD_BYTES));
  return bytes;
}
