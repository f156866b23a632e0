import { assert } from "@std/assert";
import { ROOT } from "../../helpers/program.ts";
import type { Shell } from "../_shells.ts";
import { readTree } from "../_tree.ts";

/** The signals that end a script, and its status then. */
export const SIGNALS = [["SIGTERM", 143], ["SIGINT", 130], [
  "SIGHUP",
  129,
]] as const;

/** Waits for a condition. */
export async function until(
  what: string,
  fn: () => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await fn()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`It took too long until ${what}`);
}

/** The processes whose arguments name a folder; they are ended. */
export async function endProcessesOf(folder: string): Promise<string[]> {
  // A subshell may be about to end by itself.
  for (let tries = 0; tries < 3 && processesOf(folder).size > 0; tries++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  const left = processesOf(folder);
  for (const id of left.keys()) {
    try {
      Deno.kill(id, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
  return [...left.values()];
}

/** The commands that name a folder, by their ids. */
function processesOf(folder: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (!words.includes(folder)) continue;
      found.set(Number(name), words.replaceAll("\0", " "));
    } catch {
      // It has ended.
    }
  }
  return found;
}

/** What a run that was ended left of a file's next text. */
export async function halfFiles(folder: string): Promise<string[]> {
  return [...(await readTree(`${folder}/tree`)).keys()]
    .filter((path) => path.endsWith("azure-provisioning-new"));
}

/** Starts a script on a tree. */
export function start(
  shell: Shell,
  script: string,
  folder: string,
  args: readonly string[],
  path = shell.path,
): Deno.ChildProcess {
  return new Deno.Command(shell.command[0]!, {
    args: [
      ...shell.command.slice(1),
      `${ROOT}${script}`,
      ...args,
      `--root=${folder}/tree`,
    ],
    clearEnv: true,
    env: { PATH: path },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Sends a signal, and holds a script to its second. */
export async function endsWithin(
  child: Deno.ChildProcess,
  signal: Deno.Signal,
  milliseconds: number,
): Promise<number> {
  const sent = performance.now();
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 5000);
  const { code } = await child.status;
  clearTimeout(late);
  const took = performance.now() - sent;
  assert(took < milliseconds, `It took ${Math.round(took)} ms to end`);
  return code;
}

/** Whether there is anything at a path. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
