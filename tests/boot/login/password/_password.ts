import { assertEquals, assertMatch } from "@std/assert";
import { lineOf } from "../_login_case.ts";
import type { LoginMachine } from "../_login_machine.ts";
import { type PlayedBoot, playFirstBoot } from "../_play_first_boot.ts";

/** What the platform calls a VM that is made with a password. */
export const MADE_WITH_PASSWORD = "--allow-passwords";

/**
 * Plays a first boot with a password in the media.
 *
 * @param options The password, if there is one; options of `simulate` and of `provision`; a script that is run before.
 * @returns How it ended.
 */
export function provision(
  machine: LoginMachine,
  { password, args = [MADE_WITH_PASSWORD], options = "", before = ":" }: {
    readonly password?: string;
    readonly args?: readonly string[];
    readonly options?: string;
    readonly before?: string;
  },
): Promise<PlayedBoot> {
  return playFirstBoot(machine, {
    media: {
      HostName: "login-vm",
      ...(password === undefined ? {} : { UserPassword: escaped(password) }),
    },
    platform: args,
    options,
    before,
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>\r\n\t]/g, (it) => `&#${it.charCodeAt(0)};`);
}

/**
 * Fails unless the user has a password: makes its hash anew, with the salt that the system has.
 *
 * @param password The password.
 */
export async function assertIsPassword(
  machine: LoginMachine,
  password: string,
): Promise<void> {
  const [, hash] = (await lineOf(machine, "shadow"))!.split(":");
  assertMatch(hash!, /^\$(?:y|6)\$/);
  const { stdout } = await machine.run(
    `perl -e 'print crypt(pack("H*", $ARGV[0]), $ARGV[1])' ${
      hexOf(password)
    } '${hash}'`,
  );
  assertEquals(stdout, hash);
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
