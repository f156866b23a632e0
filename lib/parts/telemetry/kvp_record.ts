/** The size of a key in a pool of Hyper-V's key-value pairs (KVP), in bytes. */
const KVP_KEY_BYTES = 512;

/** The size of a record: a key, and a value of 2,048 bytes. */
export const KVP_RECORD_BYTES = KVP_KEY_BYTES + 2_048;

/**
 * The longest value that arrives at the host, in bytes of UTF-8.
 *
 * The kernel passes a value on as UTF-16 in 2,048 bytes, including its end, which
 * leaves 1,022 units; UTF-8 never has fewer bytes than UTF-16 has units.
 */
export const KVP_VALUE_LIMIT = 1_022;

/** The same for a key. */
const KEY_LIMIT = 254;

/** A NUL ends a text for readers in C, and the host's XML allows few of the others. */
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** A key and its value. */
export interface KvpItem {
  /** The key, at most 254 bytes. */
  readonly key: string;
  /** The value; it is cut after {@linkcode KVP_VALUE_LIMIT} bytes. */
  readonly value: string;
}

/**
 * Encodes a key and its value as a record of a pool: both in UTF-8, padded with zeros
 * (`struct kvp_record` in the kernel's `tools/hv/hv_kvp_daemon.c`).
 *
 * A value that is too long is cut between two characters. Control characters in it
 * become spaces.
 *
 * @returns {@linkcode KVP_RECORD_BYTES} bytes.
 * @throws {RangeError} If the key is empty or over 254 bytes.
 */
export function kvpRecord({ key, value }: KvpItem): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(KVP_RECORD_BYTES);
  const encoder = new TextEncoder();
  const { read } = encoder.encodeInto(key, record.subarray(0, KEY_LIMIT));
  if (read === 0 || read < key.length) {
    throw new RangeError(
      `The key "${key}" does not have 1 to ${KEY_LIMIT} bytes`,
    );
  }
  encoder.encodeInto(
    value.replace(CONTROL_CHARACTERS, " "),
    record.subarray(KVP_KEY_BYTES, KVP_KEY_BYTES + KVP_VALUE_LIMIT),
  );
  return record;
}

/** Whether two records have the same key, byte for byte, as the daemon compares it. */
export function hasSameKey(record: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < KVP_KEY_BYTES; i++) {
    if (record[i] !== other[i]) return false;
  }
  return true;
}
