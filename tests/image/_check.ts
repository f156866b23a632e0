import { assertEquals, assertMatch } from "@std/assert";
import { runOnTree, type Shell } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

/** A check, as `check.sh --json` prints it. */
export interface Check {
  /** Its name. */
  readonly check: string;
  /** How it ended: `ok`, `warning` or `failure`. */
  readonly status: string;
  /** What was found. */
  readonly message: string;
  /** What to do about it; empty if there is nothing to do. */
  readonly remedy: string;
}

/**
 * Checks a tree, and that each check is complete and the exit status that of all.
 *
 * @param args More arguments.
 * @param warns What it writes to the standard error.
 * @returns The exit status, and the checks by name.
 */
export async function checks(
  shell: Shell,
  root: string,
  args: readonly string[] = [],
  warns = /^$/,
): Promise<{ code: number; all: Record<string, Check> }> {
  const { code, stdout, stderr } = await runOnTree(
    shell,
    "check.sh",
    root,
    ["--json", ...args],
  );
  assertMatch(stderr, warns);
  const all: Check[] = JSON.parse(stdout);
  for (const check of all) {
    assertEquals(Object.keys(check), ["check", "status", "message", "remedy"]);
    assertMatch(check.status, /^(ok|warning|failure)$/);
    assertEquals(check.remedy === "", check.status === "ok", check.message);
  }
  assertEquals(code, all.some(({ status }) => status === "failure") ? 1 : 0);
  return { code, all: Object.fromEntries(all.map((it) => [it.check, it])) };
}

/**
 * Makes a tree that has an `/etc`, and checks it.
 *
 * @param files What else it has.
 * @returns What is printed of each check, such as `ok dns: MESSAGE`, by its name.
 */
export async function checkLines(
  shell: Shell,
  root: string,
  files: Files,
): Promise<Record<string, string>> {
  await makeTree(root, { "/etc": undefined, ...files });
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root);
  assertEquals(stderr, "");
  const lines: Record<string, string> = {};
  for (const line of stdout.split("\n")) {
    const [, check] = /^\w+ (\w+): /.exec(line) ?? [];
    if (check === undefined) continue;
    assertEquals(lines[check], undefined, `${check} is printed twice`);
    lines[check] = line;
  }
  return lines;
}
