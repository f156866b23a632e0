import type { Clock } from "../../clock.ts";
import { fileProblem } from "../../files/write_atomically.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The pool that the host reads of what the guest says (`KVP_POOL_GUEST`). */
export const KVP_POOL = "/var/lib/hyperv/.kvp_pool_1";

/** What {@linkcode putInPool} needs. */
export interface PoolContext {
  /** Time and chance. */
  readonly clock: Clock;
  /** Ends the wait for the lock. */
  readonly signal?: AbortSignal | undefined;
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

/** The bytes of a key in a pool of Hyper-V's key-value pairs (KVP). */
export const KVP_KEY_BYTES = 512;

/** The bytes of a record: the key, and 2,048 of a value. */
export const KVP_RECORD_BYTES = KVP_KEY_BYTES + 2_048;

/**
 * The most bytes of a value that arrive at the host.
 *
 * The kernel hands a value on as UTF-16 in 2,048 bytes and keeps room for its end,
 * which leaves 1,022 units; UTF-8 never has fewer bytes than UTF-16 has units.
 */
export const KVP_VALUE_LIMIT = 1_022;

/** Likewise for a key. */
const KEY_LIMIT = 254;

/** What ends a text for those who read it in C, and what the host's XML cannot hold. */
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** A key and its value. */
export interface KvpItem {
  /** The key; up to 254 bytes. */
  readonly key: string;
  /** The value; what is over {@linkcode KVP_VALUE_LIMIT} bytes is cut off. */
  readonly value: string;
}

/**
 * Writes a key and its value as a record of a pool: both UTF-8, both filled up with
 * zeros (`struct kvp_record` of the kernel's `tools/hv/hv_kvp_daemon.c`).
 *
 * A value that is too long is cut between two characters, and control characters in
 * it become spaces.
 *
 * @param item The key and its value.
 * @returns The record, {@linkcode KVP_RECORD_BYTES} bytes.
 * @throws {RangeError} If the key is empty or over 254 bytes.
 */
export function kvpRecord({ key, value }: KvpItem): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(KVP_RECORD_BYTES);
  const encoder = new TextEncoder();
  const { read } = encoder.encodeInto(key, record.subarray(0, KEY_LIMIT));
  if (read === 0 || read < key.length) {
    throw new RangeError(`The key "${key}" has not 1 to ${KEY_LIMIT} bytes`);
  }
  encoder.encodeInto(
    value.replace(CONTROL_CHARACTERS, " "),
    record.subarray(KVP_KEY_BYTES, KVP_KEY_BYTES + KVP_VALUE_LIMIT),
  );
  return record;
}

/**
 * Says whether a record has a key, as the daemon that reads the pool compares it.
 *
 * @param record A record, or its first {@linkcode KVP_KEY_BYTES} bytes.
 * @param other A record with the key that is looked for.
 * @returns Whether the keys are the same, byte for byte.
 */
export function hasSameKey(record: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < KVP_KEY_BYTES; i++) {
    if (record[i] !== other[i]) return false;
  }
  return true;
}
