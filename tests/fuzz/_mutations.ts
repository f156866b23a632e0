import fc from "fast-check";

/** One change to a list: of bytes, of an XML document's pieces, or of lines. */
export interface Mutation<T> {
  readonly kind: "drop" | "insert" | "replace" | "repeat" | "swap" | "cut";
  /** Where, from 0 to less than 1 of the list's length. */
  readonly at: number;
  /** How far, or until where, likewise. */
  readonly to: number;
  /** How many times or how many items. */
  readonly count: number;
  /** What is put in. */
  readonly item: T;
}

/**
 * Makes changes to lists.
 *
 * @typeParam T What the list holds.
 * @param item Makes what is put in.
 * @param maxCount How often an item is repeated at most.
 * @returns One to six changes.
 */
export function mutations<T>(
  item: fc.Arbitrary<T>,
  maxCount = 4,
): fc.Arbitrary<Mutation<T>[]> {
  const place = fc.integer({ min: 0, max: 9999 }).map((part) => part / 10_000);
  return fc.array(
    fc.record({
      kind: fc.constantFrom(
        ...[
          "drop",
          "insert",
          "insert",
          "replace",
          "repeat",
          "swap",
          "cut",
        ] as const,
      ),
      at: place,
      to: place,
      count: fc.integer({ min: 1, max: maxCount }),
      item,
    }),
    { minLength: 1, maxLength: 6 },
  );
}

/**
 * Makes the changes.
 *
 * @typeParam T What the list holds.
 * @param items The list, which stays as it is.
 * @param changes The changes, in their order.
 * @returns The changed list.
 */
export function mutate<T>(
  items: readonly T[],
  changes: readonly Mutation<T>[],
): T[] {
  const list = [...items];
  for (const { kind, at, to, count, item } of changes) {
    const index = Math.floor(at * list.length);
    const other = Math.floor(to * list.length);
    switch (kind) {
      case "drop":
        list.splice(index, count);
        break;
      case "insert":
        list.splice(index, 0, item);
        break;
      case "replace":
        list.splice(index, 1, item);
        break;
      case "repeat": {
        const copied = list.slice(index, index + 1);
        for (let i = 0; i < count; i++) list.splice(index, 0, ...copied);
        break;
      }
      case "swap":
        if (index < list.length && other < list.length) {
          [list[index], list[other]] = [list[other]!, list[index]!];
        }
        break;
      case "cut":
        // Rarely all of it: most of what is cut off is the list's end.
        list.splice(Math.max(index, Math.floor(list.length * 0.7)));
        break;
    }
  }
  return list;
}

/**
 * Changes bytes.
 *
 * @param bytes Makes the bytes.
 * @returns The bytes with one to six changes.
 */
export function mutatedBytes(
  bytes: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 9, 10, 13, 32, 0x3c, 0x3e, 0x26, 0x80, 0xc0, 0xed, 0xff),
  );
  return fc.tuple(bytes, mutations(byte))
    .map(([bytes, changes]) => Uint8Array.from(mutate([...bytes], changes)));
}
