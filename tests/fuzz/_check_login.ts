import { assert, assertEquals } from "@std/assert";
import {
  findAccount,
  findGroup,
  passwordStateOf,
} from "../../lib/parts/login/account/accounts.ts";
import {
  sudoersRule,
  withDoasRule,
} from "../../lib/parts/login/sudo/admin_rules.ts";
import { withKeys } from "../../lib/parts/login/keys/authorized_keys.ts";
import { passwordProblem } from "../../lib/parts/login/password/check_password.ts";
import { cleanSshKey } from "../../lib/parts/login/keys/ssh_key.ts";
import {
  passwordsAllowed,
  readSshdSettings,
} from "../../lib/parts/login/sshd/sshd_settings.ts";
import { checkUserName } from "../../lib/parts/login/account/user_name.ts";
import { attempt, attemptWith } from "./_attempt.ts";
import { checkMessage, isPrintable } from "./_printable.ts";

/** A line of authorized_keys: a type, a body, and perhaps a comment. */
const LINE = /^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: \S.*)?$/u;

/**
 * Puts a name through the rules of admin users, and holds it against those of docs/users-and-keys.md.
 *
 * @param name Any text.
 */
export function checkAnyUserName(name: string): void {
  const outcome = attempt(() => checkUserName(name));
  assert(outcome.ok);
  const expected = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(name) &&
    !name.includes("\n") && name !== "root";
  assertEquals(outcome.value.ok, expected);
  if (!outcome.value.ok) {
    checkMessage(outcome.value.reason);
    assert(isPrintable(outcome.value.reason));
    return;
  }
  for (const password of [true, false]) {
    assertEquals(sudoersRule(name, { password }).split("\n").length, 3);
    const doas = withDoasRule("", name, { password });
    assertEquals(doas.split("\n").length, 2);
    assertEquals(withDoasRule(doas, name, { password }), doas);
  }
}

/**
 * Checks a password; what is taken is one line of chpasswd's, and whole.
 *
 * @param password Any text.
 */
export function checkPassword(password: string): void {
  const outcome = attemptWith(password.length, () => passwordProblem(password));
  assert(outcome.ok);
  const problem = outcome.value;
  const bytes = new TextEncoder().encode(password);
  const isExact =
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) ===
      password;
  assertEquals(
    problem === undefined,
    isExact && /^[^\0\n\r]+$/.test(password) && bytes.length <= 511,
  );
  if (problem === undefined) return;
  checkMessage(problem);
  assert(isPrintable(problem));
  assert(!problem.includes(password) || password.length < 8);
}

/**
 * Cleans a key; what comes out is one line that stays as it is.
 *
 * @param keyData Any text.
 * @returns The line, if it is a key.
 */
export function checkKey(keyData: string): string | undefined {
  const outcome = attemptWith(keyData.length, () => cleanSshKey(keyData));
  assert(outcome.ok);
  const key = outcome.value;
  if (!key.ok) {
    checkMessage(key.reason);
    assert(isPrintable(key.reason));
    assertEquals(cleanSshKey(`\r\n${keyData}`).ok, false);
    return undefined;
  }
  assert(LINE.test(key.line), key.line);
  assert(isPrintable(key.line), key.line);
  assertEquals(cleanSshKey(key.line), key);
  return key.line;
}

/**
 * Adds keys to any file: what was there stays, and a second time changes nothing.
 *
 * @param bytes The file.
 * @param lines The keys.
 */
export function checkKeysFile(
  bytes: Uint8Array<ArrayBuffer>,
  lines: readonly string[],
): void {
  const outcome = attemptWith(bytes.length, () => withKeys(bytes, lines));
  assert(outcome.ok);
  const all = outcome.value;
  assertEquals(all.subarray(0, bytes.length), bytes);
  assert(withKeys(all, lines) === all);
}

/**
 * Reads a text as each of the system's files that logging in has to do with.
 *
 * @param text Any text.
 */
export function checkSystemFiles(text: string): void {
  const outcome = attemptWith(text.length, () => {
    const account = findAccount(text, "root");
    findGroup(text, "root");
    const { settings } = readSshdSettings("/etc/ssh/sshd_config", {
      glob: () => [],
      read: () => text,
    });
    passwordsAllowed(settings);
    if (account !== undefined) passwordStateOf(account, text);
    return account;
  });
  assert(outcome.ok);
  const id = outcome.value?.uid ?? 0;
  assert(Number.isSafeInteger(id) && id >= 0);
}
