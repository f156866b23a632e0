/** How to measure. */
export interface BenchOptions {
  /** How often each is measured. */
  readonly rounds: number;
  /** What makes a run cold. */
  readonly cold: "evict" | "drop";
  /** Whether to leave out growth and compressed sizes, and write nothing. */
  readonly quick: boolean;
}

const USAGE =
  "Usage: tools/dev bench [--rounds N] [--cold evict|drop] [--quick]";

/**
 * Reads the command line.
 *
 * @throws {TypeError} If they are not understood.
 */
export function readOptions(args: readonly string[]): BenchOptions {
  let [rounds, cold, quick]: [number, BenchOptions["cold"], boolean] = [
    ...[20, "evict", false] as const,
  ];
  const words = args.flatMap((arg) => arg.split("=", 2)).values();
  for (const word of words) {
    if (word === "--quick") quick = true;
    else if (word === "--rounds") rounds = count(words.next().value);
    else if (word === "--cold") cold = coldness(words.next().value);
    else throw new TypeError(`Unknown argument "${word}"; ${USAGE}`);
  }
  return { rounds, cold, quick };
}

function count(value: string | undefined): number {
  if (!/^[1-9][0-9]{0,3}$/.test(value ?? "")) {
    throw new TypeError(`"${value}" is not a number of rounds; ${USAGE}`);
  }
  return Number(value);
}

function coldness(value: string | undefined): BenchOptions["cold"] {
  if (value === "evict" || value === "drop") return value;
  throw new TypeError(`"${value}" is neither evict nor drop; ${USAGE}`);
}
