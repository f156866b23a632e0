/** What to boot. */
export interface BootBenchOptions {
  /** How often each variant is booted. */
  readonly rounds: number;
  /** The roots, by name; all by default. */
  readonly roots: readonly string[];
  /** The variants, by name; all by default. */
  readonly variants: readonly string[];
  /** Other checkouts, compiled, whose programs and units are booted beside this one's. */
  readonly against: readonly string[];
  /** Whether to print the table, and leave the document as it is. */
  readonly quick: boolean;
}

/** The names that the command line may have. */
export interface BootBenchNames {
  readonly roots: readonly string[];
  readonly variants: readonly string[];
}

const USAGE =
  "Usage: tools/dev bench:boot [--rounds N] [--roots NAME,...] [--variants NAME,...] [--against FOLDER]... [--quick]";

const ROUNDS = 15;

/**
 * Reads the command line.
 *
 * @throws {TypeError} If it is not understood.
 */
export function readBootOptions(
  args: readonly string[],
  names: BootBenchNames,
): BootBenchOptions {
  let rounds = ROUNDS;
  let { roots, variants } = names;
  const against: string[] = [];
  let quick = false;
  const words = args.flatMap((arg) => arg.split("=", 2)).values();
  for (const word of words) {
    if (word === "--quick") quick = true;
    else if (word === "--rounds") rounds = count(words.next().value);
    else if (word === "--roots") roots = listed(words.next().value, roots);
    else if (word === "--variants") {
      variants = listed(words.next().value, variants);
    } else if (word === "--against") against.push(folder(words.next().value));
    else throw new TypeError(`Unknown argument "${word}"; ${USAGE}`);
  }
  return { rounds, roots, variants, against, quick };
}

function count(value: string | undefined): number {
  if (!/^[1-9][0-9]{0,3}$/.test(value ?? "")) {
    throw new TypeError(`"${value}" is not a number of rounds; ${USAGE}`);
  }
  return Number(value);
}

function folder(value: string | undefined): string {
  if (!value?.startsWith("/")) {
    throw new TypeError(`"${value}" is not the path of a folder; ${USAGE}`);
  }
  return value;
}

function listed(
  value: string | undefined,
  known: readonly string[],
): readonly string[] {
  const chosen = value?.split(",") ?? [];
  const wrong = chosen.find((it) => !known.includes(it));
  if (chosen.length === 0 || wrong !== undefined) {
    throw new TypeError(
      `"${wrong}" is none of ${known.join(", ")}; ${USAGE}`,
    );
  }
  return chosen;
}
