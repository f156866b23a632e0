import { ENVIRONMENT } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";

/** What `tools/compile.ts` compiles, and what it makes of it. */
const MAIN = "main.ts";
const COMPILED = "dist/azure-provisioning";

/**
 * Compiles other sources by `tools/compile.ts`, as if they were the program's: with
 * the flags and permissions that the program is compiled with, whatever they are.
 *
 * @param sources The sources, all in one folder; the first is run.
 * @param dir An empty folder.
 * @returns The path of the compiled program; it has to print something for `--version`.
 */
export async function compileInItsPlace(
  [main, ...others]: readonly [URL, ...URL[]],
  dir: string,
): Promise<string> {
  await Deno.symlink(`${ROOT}tools`, `${dir}/tools`);
  await Deno.copyFile(main, `${dir}/${MAIN}`);
  for (const source of others) {
    const name = source.pathname.slice(source.pathname.lastIndexOf("/") + 1);
    await Deno.copyFile(source, `${dir}/${name}`);
  }
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", `${ROOT}tools/compile.ts`],
    cwd: dir,
    // Where Deno keeps and finds things is in the environment; the sources need no packages, and so no way to them.
    env: {
      ...Deno.env.toObject(),
      DENO_FLAGS: "",
      PATH: ENVIRONMENT["PATH"]!,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return `${dir}/${COMPILED}`;
  throw new Error(
    `Cannot compile "${main}": ${new TextDecoder().decode(stderr)}`,
  );
}
