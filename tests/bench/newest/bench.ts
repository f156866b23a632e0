/**
 * Measures a first boot on the newest Deno beside the pinned one and the article's script,
 * and prints a table: instructions, unevictable memory and wall time. No base of that Deno
 * can be had from npm, so the program runs by `deno run`, with its own permissions.
 *
 * ```sh
 * tools/dev bench:newest [ROUNDS]
 * ```
 *
 * It needs root and valgrind, runs in namespaces of its own, and changes nothing on this
 * machine. `NEWEST_DENO` names another Deno than npm's.
 *
 * @module
 */

import pins from "../../../tools/build/denort/pins.json" with { type: "json" };
import { succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import { measure, measuringObstacle } from "../_measure.ts";
import { counted, type Sample, timed, weighed } from "../_samples.ts";
import { median, ratios, summarize } from "../_statistics.ts";
import { markdownTable, spread } from "../_table.ts";
import { makeEntries } from "./_entries.ts";

const ROUNDS = 20;

/** Counts hardly differ between runs. */
const COUNT_ROUNDS = 3;

async function main(rounds: number): Promise<void> {
  const missing = missingProgram(["valgrind", "npx"]);
  const obstacle = measuringObstacle() ??
    (missing && `it needs the program "${missing}"`);
  if (obstacle !== undefined) {
    console.error(`Cannot measure: ${obstacle}`);
    Deno.exit(77);
  }
  const folder = await Deno.makeTempDir({
    dir: "/var/tmp",
    prefix: "azure-provisioning-bench-",
  });
  try {
    const entries = await makeEntries(folder, await findNewest());
    const plan = {
      entries,
      cold: "evict",
      delayMs: 0,
      traces: folder,
    } as const;
    // The first round fills the cache of what modules import.
    await measure({ ...plan, rounds: 1, conditions: ["warm"] });
    const samples = [
      ...await measure({ ...plan, rounds, conditions: ["warm", "memory"] }),
      ...await measure({
        ...plan,
        rounds: COUNT_ROUNDS,
        conditions: ["count"],
      }),
    ];
    console.log(table(entries.map(({ name }) => name), samples));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Gets the newest Deno from npm. */
async function findNewest(): Promise<string> {
  const named = Deno.env.get("NEWEST_DENO");
  if (named) return named;
  const { stdout, success } = await new Deno.Command("npx", {
    args: [
      ...["--yes", "--prefer-offline", "--loglevel=error"],
      ...["--package", `deno@${pins.newest}`, "--"],
      ...["deno", "eval", "--no-config", "console.log(Deno.execPath())"],
    ],
    stderr: "inherit",
  }).output();
  const path = new TextDecoder().decode(stdout).trim();
  if (!success) throw new Error(`Cannot get Deno "${pins.newest}" from npm`);
  await succeed(path, ["--version"]);
  return path;
}

function table(names: readonly string[], samples: readonly Sample[]): string {
  const walls = (name: string) =>
    timed(samples, name, "warm").map((it) => it.wallMs);
  const rows = names.map((name) => [
    name,
    (median(counted(samples, name).map((it) => it.instructions)) / 1e6)
      .toFixed(1),
    spread(
      summarize(weighed(samples, name).map((it) => it.unevictableBytes / 1e6)),
    ),
    spread(summarize(walls(name))),
    spread(ratios(walls(name), walls("script")), 2),
    spread(ratios(walls(name), walls("empty")), 2),
  ]);
  return markdownTable([
    `Deno ${Deno.version.deno} and ${pins.newest}`,
    "Instructions, M",
    "Unevictable, MB",
    "Wall, ms",
    "wall / the script",
    "wall / the empty program",
  ], rows);
}

if (import.meta.main) {
  const rounds = Number(Deno.args[0] ?? ROUNDS);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    console.error("Usage: tools/dev bench:newest [ROUNDS]");
    Deno.exit(64);
  }
  await main(rounds);
  Deno.exit();
}
