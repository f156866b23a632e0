/**
 * The programs that are compared: on the pinned Deno, on the newest, and the article's.
 *
 * @module
 */

import { succeed } from "../../helpers/command.ts";
import { DENO_FLAGS, ROOT } from "../../helpers/program.ts";
import { permissionFlags } from "../../../lib/permissions.ts";
import { V8_FLAGS } from "../../../tools/build/compile_module.ts";
import { HOST } from "../../../tools/build/names.ts";
import type { Entry } from "../_inside.ts";
import { closureOf, filesOfPackages, installedPackages } from "../_packages.ts";
import { makeField } from "../_make.ts";
import { makeRoot } from "../_root.ts";

/** Where the newest Deno and the bundle are in its root. */
const DENO = "/bench/deno";
const BUNDLE = "/bench/bundle";

/**
 * Makes the roots of what is compared.
 *
 * @param folder A folder for everything.
 * @param newest The path of the newest Deno.
 */
export async function makeEntries(
  folder: string,
  newest: string,
): Promise<Entry[]> {
  const { entries, leftOut } = await makeField({
    folder,
    only: ["ours-unnamed", "empty", "script"],
  });
  for (const words of leftOut) console.error(`left out: ${words}`);
  const packages = await installedPackages() ?? [];
  const valgrind = await filesOfPackages(closureOf(["valgrind"], packages));
  for (const { root } of entries) await copyInto(root, valgrind);
  const bundled = `${folder}/bundle`;
  await Deno.mkdir(bundled);
  const { ours, empty } = await bundleWith(newest, bundled);
  const root = `${folder}/newest`;
  await Deno.mkdir(root);
  await makeRoot(root, {
    files: valgrind,
    programs: [],
    copies: { [DENO]: newest, ...await copiesOf(bundled) },
  });
  const onNewest = (name: string, url: string, reports: boolean): Entry => ({
    ...{ name, root, reports, names: false },
    argv: [DENO, ...runArguments(), url],
    env: ["DENO_DIR=/tmp/deno", "DENO_NO_UPDATE_CHECK=1"],
  });
  return [
    ...entries,
    onNewest("empty-newest", empty, false),
    onNewest("ours-newest", ours, true),
  ];
}

/** Returns the URLs of the first modules. */
async function bundleWith(
  deno: string,
  folder: string,
): Promise<Record<"ours" | "empty", string>> {
  const { success, stdout } = await new Deno.Command(deno, {
    args: [
      ...["run", "-A", ...DENO_FLAGS],
      ...[`${ROOT}tests/bench/newest/_bundle.ts`, folder],
    ],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot bundle the program: see above");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** What `deno compile` would make of a program, as far as `deno run` can. */
function runArguments(): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--cached-only",
    "--no-code-cache",
    `--config=${BUNDLE}/deno.json`,
    `--allow-import=${HOST}`,
    `--v8-flags=${V8_FLAGS.filter((it) => it !== "--no-lazy").join(",")}`,
    ...permissionFlags,
  ];
}

async function copiesOf(folder: string): Promise<Record<string, string>> {
  const files = (await succeed("find", [folder, "-type", "f"])).trim();
  return Object.fromEntries(
    files.split("\n").map((path) => [BUNDLE + path.slice(folder.length), path]),
  );
}

async function copyInto(root: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await Deno.mkdir(`${root}${file.slice(0, file.lastIndexOf("/"))}`, {
      recursive: true,
    });
    await succeed("cp", ["-a", "-n", file, `${root}${file}`]);
  }
}
