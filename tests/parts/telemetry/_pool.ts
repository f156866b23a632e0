import { assertEquals } from "@std/assert";

/** A record as the daemon's C code reads it: up to the first zero of each half. */
export interface ReadItem {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads a pool, and checks that it has nothing but whole records.
 *
 * The sizes are written out again here: they are the kernel's, not the program's.
 *
 * @param bytes The pool.
 * @returns The keys and values, in order.
 */
export function itemsIn(bytes: Uint8Array): ReadItem[] {
  assertEquals(bytes.length % 2560, 0, `${bytes.length} bytes`);
  const items: ReadItem[] = [];
  for (let at = 0; at < bytes.length; at += 2560) {
    items.push({
      key: cText(bytes.subarray(at, at + 512)),
      value: cText(bytes.subarray(at + 512, at + 2560)),
    });
  }
  return items;
}

/**
 * Makes a record of another program's.
 *
 * @returns The record.
 */
export function recordOf(key: string, value: string): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(2560);
  const encoder = new TextEncoder();
  record.set(encoder.encode(key), 0);
  record.set(encoder.encode(value), 512);
  return record;
}

/**
 * Puts records one after the other.
 *
 * @param records The records, or pieces of them.
 * @returns The bytes.
 */
export function poolOf(
  ...records: readonly Uint8Array<ArrayBuffer>[]
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(records.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return bytes;
}

/** What is behind the first zero must be zero, too, and what is before it UTF-8. */
function cText(half: Uint8Array): string {
  const end = half.indexOf(0);
  assertEquals(half.subarray(end).every((byte) => byte === 0), true);
  return new TextDecoder("utf-8", { fatal: true }).decode(half.slice(0, end));
}
