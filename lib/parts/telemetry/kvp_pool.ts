import type { Clock } from "../../clock.ts";
import { ExitCode } from "../../exit_code.ts";
import { fileProblem } from "../../files/write_atomically.ts";
import { ProvisioningError } from "../../provisioning_error.ts";
import {
  hasSameKey,
  KVP_RECORD_BYTES,
  type KvpItem,
  kvpRecord,
} from "../../telemetry/kvp_record.ts";

/** The pool that the host reads of what the guest says (`KVP_POOL_GUEST`). */
export const KVP_POOL = "/var/lib/hyperv/.kvp_pool_1";

/** What {@linkcode putInPool} needs. */
export interface PoolContext {
  /** Time and chance. */
  readonly clock: Clock;
  /** Ends the wait for the lock. */
  readonly signal?: AbortSignal;
}

/** How long another writer is waited for, in milliseconds; a record takes it far less than one. */
const LOCK_WAIT_MS = 1_000;
const LOCK_STEP_MS = 20;

/** How many records are read at once, and looked at in all; what grew beyond that is only added to. */
const BLOCK_RECORDS = 64;
const MOST_RECORDS = 4_096;

/**
 * Says whether there is a pool: Hyper-V's daemon makes it, `hv_kvp_daemon`.
 *
 * @param path The pool.
 * @returns Whether it is there, and a file of its own.
 */
export async function isPool(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isFile;
  } catch {
    return false;
  }
}

/**
 * Puts keys and values into a pool, under its lock (`flock`, as cloud-init and
 * azure-init take it).
 *
 * A key that is there already gets the new value in its place, wherever it is, as the
 * daemon itself does it; others' records stay. New keys go to the end in one write. A
 * piece of a record that a crash left there is overwritten, as it would shift all
 * that follow.
 *
 * The daemon reads under another kind of lock (`fcntl`), which Deno has not: it may
 * see some of the records earlier than others, but none in part.
 *
 * @param path The pool; it has to be there.
 * @param items What to put there.
 * @param context Time, and what ends the wait.
 * @throws {ProvisioningError} If it cannot be written, or is locked for a second. Of
 * what was to be added nothing is left then.
 */
export async function putInPool(
  path: string,
  items: readonly KvpItem[],
  context: PoolContext,
): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await lock(file, context);
    await put(file, items.map(kvpRecord));
  } catch (error) {
    context.signal?.throwIfAborted();
    throw new ProvisioningError(
      `Cannot write the telemetry to "${path}": ${
        fileProblem(error)
      }; the host does not learn by it how the provisioning went`,
      {
        key: "telemetry_not_written",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

/** Closing the file, or the program's end, gives the lock back. */
async function lock(
  file: Deno.FsFile,
  { clock, signal }: PoolContext,
): Promise<void> {
  const end = clock.now() + LOCK_WAIT_MS;
  while (!await file.tryLock(true)) {
    if (clock.now() >= end) {
      throw new Error(`Another program holds its lock for ${LOCK_WAIT_MS} ms`);
    }
    await clock.sleep(LOCK_STEP_MS, signal);
  }
}

async function put(
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
    await writeAt(file, end, joined([...added]));
  } catch (error) {
    await file.truncate(end);
    throw error;
  }
}

/** The records of a file, each with the place where it begins. */
async function* recordsIn(
  file: Deno.FsFile,
  end: number,
): AsyncGenerator<[number, Uint8Array]> {
  const block = new Uint8Array(BLOCK_RECORDS * KVP_RECORD_BYTES);
  const last = Math.min(end, MOST_RECORDS * KVP_RECORD_BYTES);
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
    if (read === null) throw new Error("It became shorter while it was read");
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

function joined(
  records: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(records.length * KVP_RECORD_BYTES);
  records.forEach((record, i) => bytes.set(record, i * KVP_RECORD_BYTES));
  return bytes;
}
