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
