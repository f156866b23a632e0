import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** A shell to run the tools of `image` with. */
export interface Shell {
  /** What a test calls it. */
  readonly name: string;
  /** Starts it. */
  readonly command: readonly string[];
  /** Where it finds programs: busybox's shell has busybox's programs only. */
  readonly path: string;
}

/** How a tool ended, and what it wrote. */
export interface Outcome {
  /** Its exit status. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}

const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** The shells of this machine; one that is missing is named, and its tests are not run. */
export const SHELLS: readonly Shell[] = await findShells();

async function findShells(): Promise<Shell[]> {
  const shells: Shell[] = [];
  const dash = await find("dash");
  if (dash !== undefined) {
    shells.push({ name: "dash", command: [dash], path: SYSTEM_PATH });
  }
  const busybox = await find("busybox");
  if (busybox !== undefined) {
    shells.push({
      name: "busybox sh",
      command: [busybox, "sh"],
      path: await applets(busybox),
    });
  }
  for (const name of ["dash", "busybox"]) {
    if (shells.some((shell) => shell.name.startsWith(name))) continue;
    console.error(`Tests with ${name} are skipped: it is not installed`);
  }
  return shells;
}

/**
 * Looks for a program.
 *
 * @param name Its name.
 * @returns Its path, if it is there.
 */
export async function find(name: string): Promise<string | undefined> {
  for (const folder of SYSTEM_PATH.split(":")) {
    try {
      await Deno.stat(`${folder}/${name}`);
      return `${folder}/${name}`;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}

/** A folder of links to busybox, one for each program that it has. */
async function applets(busybox: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "azure-provisioning-test-" });
  globalThis.addEventListener(
    "unload",
    () => Deno.removeSync(folder, { recursive: true }),
  );
  const { stdout } = await new Deno.Command(busybox, { args: ["--list"] })
    .output();
  for (const name of new TextDecoder().decode(stdout).trim().split("\n")) {
    await Deno.symlink(busybox, `${folder}/${name}`);
  }
  return folder;
}

/**
 * Runs a tool on a tree, and only there: without the option the running machine
 * would be changed.
 *
 * @param tool The tool's file in `image`.
 * @param tree The tree, in the folder for temporary files.
 * @param args More arguments.
 * @param env More environment.
 * @returns How it ended.
 */
export async function runOnTree(
  shell: Shell,
  tool: "generalize.sh" | "check.sh",
  tree: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const real = await Deno.realPath(tree);
  if (!/^\/tmp\/[^/]*azure-provisioning-test-[^/]+\/./.test(`${real}/`)) {
    throw new Error(`Refusing to work on "${real}": it is no tree of a test`);
  }
  if (args.some((arg) => /^(--root|DESTDIR)/.test(arg)) || "DESTDIR" in env) {
    throw new Error("Refusing another tree than the test's");
  }
  return await run([
    ...shell.command,
    `${ROOT}image/${tool}`,
    `--root=${tree}`,
    ...args,
  ], { PATH: shell.path, ...env });
}

/**
 * Runs a command.
 *
 * @param command The program and its arguments.
 * @param env Its environment.
 * @returns How it ended.
 */
export async function run(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>> = { PATH: SYSTEM_PATH },
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    clearEnv: true,
    env: { ...env },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/**
 * Defines a test for each shell of this machine, with a folder of its own.
 *
 * @param name What is tested.
 * @param fn The test.
 */
export function shellTest(
  name: string,
  fn: (shell: Shell, folder: string) => Promise<void>,
): void {
  for (const shell of SHELLS) {
    Deno.test(`${name} (${shell.name})`, async () => {
      await using folder = await tempDir();
      await fn(shell, folder.path);
    });
  }
}
