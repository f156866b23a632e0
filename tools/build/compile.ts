/**
 * Compiles the program into `dist`, runs it once, and writes its SHA-256.
 *
 * ```sh
 * deno task compile
 * deno task compile --target aarch64-unknown-linux-gnu
 * ```
 *
 * The flags in `DENO_FLAGS` go to `deno bundle` and `deno compile`. `DENORT_BIN` names
 * the base executable.
 *
 * @module
 */

import { checksums } from "./checksums.ts";
import { WRONG_BASE } from "./compile_module.ts";
import { compileProgram } from "./compile_program.ts";
import { type Target, targets } from "./target.ts";

const NAME = "azure-provisioning";
const DIST = "dist";
const USAGE = `Usage: deno task compile [--target ${targets.join("|")}]`;

/** A mistake in the arguments. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the target from the arguments; without any it is `own`, this machine's.
 *
 * @throws {UsageError} If the arguments are wrong, or the program does not run on the target.
 */
export function readTarget(args: readonly string[], own: string): Target {
  const [option, value = ""] = args.length === 1
    ? (args[0] ?? "").split("=", 2)
    : args;
  if (args.length > 2 || (option !== undefined && option !== "--target")) {
    throw new UsageError(`Cannot understand the arguments "${args.join(" ")}"`);
  }
  const wanted = option === undefined ? own : value;
  const target = targets.find((target) => target === wanted);
  if (target === undefined) {
    throw new UsageError(
      `Cannot compile for "${wanted}": choose "${
        targets.join('" or "')
      }" with --target`,
    );
  }
  return target;
}

/** Returns the compiled program's file name: for another machine it ends with the processor. */
export function outputName(target: Target, own: string): string {
  return target === own ? NAME : `${NAME}-${target.split("-", 1)[0]}`;
}

async function main(args: readonly string[]): Promise<void> {
  const own = Deno.build.target;
  const target = readTarget(args, own);
  const output = `${DIST}/${outputName(target, own)}`;
  await Deno.mkdir(DIST, { recursive: true });
  // Two compilations at once would share their parts.
  using lock = await Deno.open(`${DIST}/.lock`, { create: true, write: true });
  await lock.lock(true);
  await compileProgram(target, output);
  if (target === own) await tryOut(output);
  // Somebody may be installing what was compiled before.
  await Deno.writeTextFile(
    `${DIST}/SHA256SUMS.new`,
    await checksums(DIST, await compiledFiles()),
  );
  await Deno.rename(`${DIST}/SHA256SUMS.new`, `${DIST}/SHA256SUMS`);
  const { size } = await Deno.stat(output);
  console.error(`${output}: ${(size / 2 ** 20).toFixed(1)} MiB`);
}

/** With a wrong base, compiling succeeds, and the result does not run. */
async function tryOut(output: string): Promise<void> {
  const { success, code, stdout } = await new Deno.Command(
    await Deno.realPath(output),
    {
      args: ["--version"],
      clearEnv: true,
      stdin: "null",
      stderr: "inherit",
    },
  ).output();
  await Deno.stdout.write(stdout);
  if (success && stdout.length > 0) return;
  throw new Error(
    `Cannot use "${output}": with --version it exits with "${code}" and prints "${stdout.length}" bytes; ` +
      `mend "tools/build/start.ts", or ${WRONG_BASE}`,
  );
}

async function compiledFiles(): Promise<string[]> {
  const names = new Set(
    targets.map((target) => outputName(target, Deno.build.target)),
  );
  const entries = await Array.fromAsync(Deno.readDir(DIST));
  return entries.map(({ name }) => name).filter((name) => names.has(name));
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof UsageError) console.error(USAGE);
    Deno.exit(error instanceof UsageError ? 64 : 1);
  }
}
