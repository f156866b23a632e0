import { run } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { BINARY } from "../helpers/vm.ts";
import { compile } from "../../tools/build/compile_module.ts";
import { permissionFlags } from "../../lib/permissions.ts";
import { ownTarget } from "../../tools/build/target.ts";
import {
  type Contestant,
  type ContestantName,
  contestants,
  type Made,
} from "./_contestants.ts";
import type { Entry } from "./_inside.ts";
import {
  closureOf,
  filesOfPackages,
  installedPackages,
  type Package,
} from "./_packages.ts";
import { makeRoot } from "./_root.ts";

/** The folder of the contestants' scripts and sources. */
const FOLDER = new URL(".", import.meta.url).pathname;

/** What can be measured here. */
export interface Field {
  /** The contestants, each with its root. */
  readonly entries: readonly (Contestant & Entry)[];
  /** The contestants that are left out, and why. */
  readonly leftOut: readonly string[];
  /** The installed packages, if there is dpkg. */
  readonly packages: readonly Package[] | undefined;
}

/** Options of {@linkcode makeField}. */
export interface FieldOptions {
  /** The folder for everything; it has to be on a disk for cold runs. */
  readonly folder: string;
  /** The contestants; all by default. */
  readonly only?: readonly ContestantName[];
  /** The compiled program. */
  readonly binary?: string;
}

/**
 * Makes everything that the contestants need: an empty program, one in Deno, one in C, and their roots.
 */
export async function makeField(options: FieldOptions): Promise<Field> {
  const { folder, only, binary = BINARY } = options;
  const leftOut: string[] = [];
  const packages = await installedPackages();
  const wanted = (name: ContestantName) => only?.includes(name) ?? true;
  const made: Made = {
    binary,
    empty: await compileEmpty(folder),
    deno: wanted("deno")
      ? await compileAlike("_first_boot.ts", `${folder}/first-boot-in-deno`)
      : "",
    c: wanted("c") ? await compileC(folder, leftOut) : undefined,
  };
  const entries: (Contestant & Entry)[] = [];
  for (const contestant of contestants(made, FOLDER)) {
    if (!wanted(contestant.name)) continue;
    const obstacle = obstacleOf(contestant, packages);
    if (obstacle !== undefined) {
      leftOut.push(`${contestant.title}: ${obstacle}`);
      continue;
    }
    const root = `${folder}/${contestant.name}`;
    await Deno.mkdir(root);
    const names = closureOf(contestant.packages, packages ?? []);
    const files = await filesOfPackages(names);
    await makeRoot(root, { ...contestant, files });
    entries.push({ ...contestant, root });
  }
  return { entries, leftOut, packages };
}

/** Compiles the empty program with the flags of the real one. */
export function compileEmpty(folder: string): Promise<string> {
  return compileAlike("_empty.ts", `${folder}/empty-program`);
}

async function compileAlike(source: string, output: string): Promise<string> {
  if (ownTarget === undefined) {
    throw new Error(`Cannot compile for "${Deno.build.target}"`);
  }
  await compile({
    target: ownTarget,
    output,
    entry: `${FOLDER}${source}`,
    permissions: permissionFlags,
  });
  return output;
}

async function compileC(
  folder: string,
  leftOut: string[],
): Promise<string | undefined> {
  const output = `${folder}/first-boot-in-c`;
  for (const compiler of ["cc", "gcc", "clang"]) {
    if (missingProgram([compiler]) !== undefined) continue;
    const { code } = await run(compiler, [
      "-O2",
      "-s",
      "-o",
      output,
      `${FOLDER}first_boot.c`,
    ]);
    if (code === 0) return output;
  }
  leftOut.push("the same in C: there is no C compiler that works");
  return undefined;
}

function obstacleOf(
  { packages, programs }: Contestant,
  installed: readonly Package[] | undefined,
): string | undefined {
  if (packages.length > 0 && installed === undefined) {
    return "what belongs to its packages is only known where there is dpkg";
  }
  const absent = packages.find((name) =>
    !installed?.some((it) => it.name === name)
  );
  if (absent !== undefined) return `the package "${absent}" is not installed`;
  const missing = missingProgram(programs.map((it) => it.split("/").at(-1)!));
  return missing && `the program "${missing}" is not installed`;
}
