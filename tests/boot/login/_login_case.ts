import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type CommandResult, succeed } from "../../helpers/command.ts";
import { BOOT_OBSTACLE } from "../_obstacle.ts";
import type { Recipe } from "../_recipes.ts";
import { busyboxObstacle } from "./_busybox.ts";
import {
  type LoginMachine,
  makeLoginMachine,
  publicKey,
  type UserPrograms,
} from "./_login_machine.ts";

/** The user that the platform names where a test says nothing else. */
export const USER = "azure";
const BUSYBOX_OBSTACLE = await busyboxObstacle();

if (BUSYBOX_OBSTACLE !== undefined) {
  console.error(
    `Tests of busybox's adduser are skipped: ${BUSYBOX_OBSTACLE}`,
  );
}

/**
 * Registers a test that has a machine to log in to; it is skipped, and the reason printed, where there
 * can be none.
 *
 * @param name What holds.
 * @param programs What the machine has to make users with.
 * @param recipe How its root is made.
 */
export function loginTest(
  name: string,
  programs: UserPrograms,
  test: (machine: LoginMachine) => Promise<void>,
  recipe?: Recipe,
): void {
  Deno.test({
    name: `${programs}: ${name}`,
    ignore: BOOT_OBSTACLE !== undefined ||
      (programs === "busybox" && BUSYBOX_OBSTACLE !== undefined),
    fn: async () => {
      await using machine = await makeLoginMachine(programs, recipe);
      await test(machine);
    },
  });
}

/**
 * Runs a script beside a platform that names a user and the key `right`.
 *
 * @param script The script; `$0` is the program.
 * @param options Another user, or other keys.
 * @returns How it ended.
 */
export async function runWith(
  machine: LoginMachine,
  script: string,
  { user = USER, keys }: { user?: string; keys?: readonly string[] } = {},
): Promise<CommandResult> {
  await using _platform = await machine.startPlatform([
    `--admin-username=${user}`,
    ...(keys ?? [await publicKey(machine, "right")])
      .map((key) => `--public-key=${key}`),
  ]);
  return await machine.run(script);
}

/**
 * The same, and it has to work.
 *
 * @returns What it printed.
 */
export async function mustRun(
  machine: LoginMachine,
  script: string,
  options?: Parameters<typeof runWith>[2],
): Promise<string> {
  const { code, stdout, stderr } = await runWith(machine, script, options);
  assertEquals(code, 0, stderr);
  return stdout;
}

/**
 * What is in /etc and /home, and when it was changed.
 *
 * @returns A line for each file.
 */
export async function stateOf({ tree }: LoginMachine): Promise<string> {
  return await succeed("sh", [
    "-euc",
    'cd "$0"; find etc home -printf "%p %U:%G %m %s %T@ %l\\n" | sort',
    tree,
  ]);
}

/**
 * The line of a file of /etc that is a user's.
 *
 * @param file Such as `passwd`.
 * @param name The user.
 * @returns The line, if there is one.
 */
export async function lineOf(
  { tree }: LoginMachine,
  file: string,
  name = USER,
): Promise<string | undefined> {
  const text = await Deno.readTextFile(`${tree}/etc/${file}`);
  return text.split("\n").find((line) => line.startsWith(`${name}:`));
}

/**
 * Logs in by SSH with the right key, and with another, which must not work.
 */
export async function assertLogsIn(
  machine: LoginMachine,
  user = USER,
): Promise<void> {
  // A locked account is refused by an sshd without PAM.
  for (const sshd of ["", "-o UsePAM=no"]) {
    const right = await machine.logIn({ user, key: "right", sshd });
    assertEquals(right.stdout, `${user}\n`, `${sshd}: ${right.stderr}`);
    const wrong = await machine.logIn({ user, key: "wrong", sshd });
    assertNotEquals(wrong.code, 0);
    assertMatch(wrong.stderr, /Permission denied/);
  }
}
