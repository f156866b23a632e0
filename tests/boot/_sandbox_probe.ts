import { AGENT, type ImageFile } from "./_inits.ts";

/** Something that is tried on a machine, under the settings of the unit. */
export interface Try {
  /** What. */
  readonly what: string;
  /** A command of sh that fails if it cannot be done. `call` is a system call, by its number. */
  readonly command: string;
}

/** How a try ended. */
export interface Outcome {
  /** Whether it could be done. */
  readonly done: boolean;
  /** What it has said. */
  readonly words: string;
}

/** The program that tries, in a machine. */
export const PROBE: string = AGENT.replace(/[^/]*$/, "probe");

/** What it writes in front of every line, for the journal has others of the unit. */
const SIGN = "Probe";

/**
 * Makes the program that tries. Its arguments are a name of the run, and the numbers
 * of the tries.
 *
 * @param tries All tries.
 * @returns The program.
 */
export function probeProgram(tries: readonly Try[]): ImageFile {
  const cases = tries.map(({ command }, index) =>
    `    ${index}) ${command} ;;\n`
  ).join("");
  return {
    path: PROBE,
    mode: 0o755,
    text: `#!/bin/sh
call() {
  perl -e '@call = map { $_ + 0 } @ARGV;
    exit 0 if syscall(shift @call, @call) != -1; print "$!"; exit 1' "$@"
}
try() {
  case $1 in
${cases}  esac
}
run=$1; shift
for number; do
  if words=$(try "$number" 2>&1); then end=done; else end=refused; fi
  printf '${SIGN} %s %s %s %s\\n' "$run" "$number" "$end" "$(printf %s "$words" | tail -n 1)"
done
exit 0
`,
  };
}

/**
 * Reads what the program has said.
 *
 * @param log Lines, among others of the unit.
 * @returns How the tries ended, by the run and the number.
 */
export function outcomesIn(
  log: readonly string[],
): Map<string, Map<number, Outcome>> {
  const runs = new Map<string, Map<number, Outcome>>();
  for (const line of log) {
    const match = new RegExp(`^${SIGN} (\\S+) (\\d+) (done|refused) ?(.*)$`)
      .exec(line);
    if (match === null) continue;
    const [, run, number, end, words] = match as unknown as string[];
    const outcomes = runs.get(run!) ?? new Map<number, Outcome>();
    outcomes.set(Number(number), { done: end === "done", words: words! });
    runs.set(run!, outcomes);
  }
  return runs;
}
