import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "./_shells.ts";
import { elf } from "./_tree.ts";
import { sha256 } from "../../tools/build/checksums.ts";

/** What a test of install.sh has at hand. */
export interface InstallCase {
  /** A folder of its own, with a blank and a quote in its name. */
  readonly dir: string;
  /** A tree in there, not made yet. */
  readonly root: string;
  /** A made-up program for x86_64, with its SHA256SUMS. */
  readonly binary: string;
  /**
   * Runs install.sh for the tree, with the made-up program, unless the arguments name others.
   *
   * @param args More arguments.
   * @param env Its environment, beside PATH.
   */
  install(
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<ProgramResult>;
  /**
   * Runs a script under the shell of the test.
   *
   * @param args The script and its arguments.
   * @param env Its environment, beside PATH.
   * @param wrapper A command line that runs what follows it.
   */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    wrapper?: readonly string[],
  ): Promise<ProgramResult>;
}

/** Where no shell would look for a tool of the machine that is not there. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Registers a test of install.sh for every shell that is here.
 *
 * @param name What holds.
 */
export function installTest(
  name: string,
  test: (given: InstallCase) => Promise<void>,
): void {
  for (const shell of SHELLS) {
    Deno.test(`install.sh under ${shell.name}: ${name}`, async () => {
      await using temp = await tempDir();
      const dir = `${temp.path}/it's a folder`;
      const binary = `${dir}/azure-provisioning`;
      await Deno.mkdir(dir);
      await makeBinary(binary);
      const run = (
        args: readonly string[],
        env: Readonly<Record<string, string>> = {},
        wrapper: readonly string[] = [],
      ) => runWords([...wrapper, ...shell.command, ...args], env);
      await test({
        dir,
        root: `${dir}/tree`,
        binary,
        run,
        install: (args = [], env) =>
          run([
            `${ROOT}install.sh`,
            ...(args.includes("--root") ? [] : ["--root", `${dir}/tree`]),
            ...(args.includes("--binary") ? [] : ["--binary", binary]),
            ...args,
          ], env),
      });
    });
  }
}

async function makeBinary(path: string): Promise<void> {
  const bytes = elf("x86_64", "the program");
  await Deno.writeFile(path, bytes);
  await Deno.writeTextFile(
    `${path.slice(0, path.lastIndexOf("/"))}/SHA256SUMS`,
    `${await sha256(bytes)}  azure-provisioning\n`,
  );
}

async function runWords(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  return await finish(
    new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { PATH, ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}
