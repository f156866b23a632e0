/**
 * Runs properties: how often, from which seed, and within which time and memory.
 *
 * | Variable      | Default |                                                              |
 * | ------------- | ------- | ------------------------------------------------------------ |
 * | `FUZZ_TIMES`  | 1       | how many times as many inputs as in an ordinary test run     |
 * | `FUZZ_SEED`   | random  | the seed that a failure prints, to have the same inputs again |
 * | `FUZZ_PATH`   |         | the path that a failure prints, to have that input alone     |
 * | `FUZZ_TALLY`  |         | a file that takes a line for every property, with its inputs |
 *
 * @module
 */

import { assert } from "@std/assert";
import fc from "fast-check";

/** What {@linkcode fuzz} checks. */
export interface Property<T> {
  /** Which part of the program is tried, for the count. */
  readonly room: string;
  /** How many inputs an ordinary test run tries. */
  readonly runs: number;
  /** Makes the inputs. */
  readonly input: fc.Arbitrary<T>;
  /** Throws if something is wrong with what the program makes of an input. */
  readonly check: (input: T) => void;
}

/** What may stay on the heap after any number of inputs, in bytes. */
const MAX_HEAP_GROWTH = 32 * 1024 * 1024;

/** What the process may grow by meanwhile, garbage included, in bytes. */
const MAX_RSS_GROWTH = 512 * 1024 * 1024;

const TIMES = numberFrom("FUZZ_TIMES") ?? 1;
const SEED = numberFrom("FUZZ_SEED");
const PATH = Deno.env.get("FUZZ_PATH");
const TALLY = Deno.env.get("FUZZ_TALLY");

/**
 * Registers a test that tries a property with random inputs.
 *
 * @param name What holds for every input.
 * @param property The inputs, and what to do with each.
 */
export function fuzz<T>(name: string, property: Property<T>): void {
  const { room, runs, input, check } = property;
  Deno.test(name, () => {
    let inputs = 0;
    const heapBefore = heapUsed();
    const rssBefore = Deno.memoryUsage().rss;
    const start = performance.now();
    fc.assert(
      fc.property(input, (value) => {
        inputs++;
        check(value);
      }),
      {
        numRuns: Math.ceil(runs * TIMES),
        ...(SEED === undefined ? {} : { seed: SEED }),
        ...(PATH === undefined ? {} : { path: PATH }),
      },
    );
    const seconds = (performance.now() - start) / 1000;
    const heapGrowth = heapUsed() - heapBefore;
    assert(
      heapGrowth < MAX_HEAP_GROWTH,
      `${heapGrowth} bytes stay on the heap`,
    );
    const rssGrowth = Deno.memoryUsage().rss - rssBefore;
    assert(
      rssGrowth < MAX_RSS_GROWTH,
      `the process grew by ${rssGrowth} bytes`,
    );
    if (TALLY !== undefined) {
      const line = JSON.stringify({ room, name, inputs, seconds });
      Deno.writeTextFileSync(TALLY, `${line}\n`, { append: true });
    }
  });
}

/** Without `--v8-flags=--expose-gc` this includes garbage. */
function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().heapUsed;
}

function numberFrom(variable: string): number | undefined {
  const text = Deno.env.get(variable);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    throw new TypeError(`${variable} is "${text}", which is not a number`);
  }
  return number;
}
