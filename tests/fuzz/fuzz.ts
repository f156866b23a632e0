/**
 * Tries a million hostile inputs, and counts them; `tests/fuzz/_fuzz.ts` has the
 * variables that say how many, and which.
 *
 * @module
 */

/** How many times as many inputs as in an ordinary test run make a million. */
const TIMES = "50";
const MILLION = 1_000_000;

interface Line {
  readonly room: string;
  readonly inputs: number;
  readonly seconds: number;
}

const tally = await Deno.makeTempFile({ prefix: "fuzz-" });
let lines: Line[];
let code: number;
try {
  const start = performance.now();
  const { code: testCode } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--allow-all",
      "--parallel",
      "--v8-flags=--expose-gc",
      ...(Deno.env.get("DENO_FLAGS") ?? "").split(" ").filter(Boolean),
      ...Deno.args,
      "tests/fuzz/",
    ],
    env: {
      FUZZ_TIMES: Deno.env.get("FUZZ_TIMES") ?? TIMES,
      FUZZ_TALLY: tally,
    },
  }).spawn().status;
  code = testCode;
  const text = await Deno.readTextFile(tally);
  lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`\n${"room".padEnd(14)}${"inputs".padStart(10)}`);
  for (const room of new Set(lines.map(({ room }) => room))) {
    console.log(row(room, lines.filter((line) => line.room === room)));
  }
  console.log(`${row("all", lines)} in ${seconds} s`);
} finally {
  await Deno.remove(tally);
}
const isFull = !Deno.env.has("FUZZ_TIMES") && Deno.args.length === 0;
if (code === 0 && isFull && sum(lines) < MILLION) {
  console.error(`These are fewer than ${MILLION} inputs`);
  code = 1;
}
Deno.exit(code);

function row(room: string, lines: readonly Line[]): string {
  return room.padEnd(14) + String(sum(lines)).padStart(10);
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((total, { inputs }) => total + inputs, 0);
}
