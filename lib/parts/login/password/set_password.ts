import { findProgram } from "../../../host/find_program.ts";
import { programFolders } from "../../../host/program_folders.ts";
import type { RunResult } from "../../../host/run_program.ts";
import type { Secret } from "../../../secret.ts";
import { type Account, passwordFieldOf } from "../account/accounts.ts";
import { type LoginMachine, readIfThere } from "../login_machine.ts";
import { NO_PASSWORD } from "../account/make_user.ts";
import { runAccountProgram } from "../account/run_account_program.ts";
import { PASSWORD_PROGRAM } from "../login_names.ts";

/** Has no DES, whose hash is of eight characters only; shadow and busybox know it by this name. */
const STRONG: readonly string[] = ["-c", "SHA512"];

/** What {@linkcode setPassword} needs of the machine. */
type PasswordMachine = Pick<
  LoginMachine,
  "etcDir" | "run" | "log" | "clock" | "deadline" | "signal"
>;

/**
 * Sets an account's password, and so unlocks it. The hash is the one that the system is set
 * to make, if that is a strong one.
 *
 * The password goes to chpasswd's standard input, and nowhere else.
 *
 * @param password One in which `passwordProblem` finds nothing wrong.
 * @returns How it ended; the reason of a failure does not quote the password.
 */
export async function setPassword(
  account: Account,
  password: Secret,
  machine: PasswordMachine,
): Promise<RunResult> {
  const discreet: PasswordMachine = {
    ...machine,
    run: async (name, options) =>
      withoutSecret(await machine.run(name, options), password),
  };
  const input = `${account.name}:${password.reveal()}\n`;
  const run = (args: readonly string[]) =>
    runAccountProgram(discreet, PASSWORD_PROGRAM, args, input);
  const before = hashOf(account, machine);
  const result = await run(await isBusybox() ? STRONG : []);
  if (result.kind !== "ok") return result;
  const after = hashOf(account, machine);
  if (after !== undefined && after === before) {
    return failed("it succeeded, but did not change the password");
  }
  if (!isWeak(after)) return result;
  machine.log.debug(
    `${PASSWORD_PROGRAM} makes weak hashes here, so it is asked for SHA-512`,
  );
  await run(STRONG);
  // Once more, because the program keeps a copy of what it replaced, with the weak one.
  const strong = await run(STRONG);
  if (strong.kind === "ok" && !isWeak(hashOf(account, machine))) return strong;
  await runAccountProgram(
    discreet,
    PASSWORD_PROGRAM,
    ["-e"],
    `${account.name}:${NO_PASSWORD}\n`,
  );
  return strong.kind === "ok"
    ? failed(
      "it makes no hash but a weak one; set ENCRYPT_METHOD in login.defs",
    )
    : strong;
}

/** `undefined` if the account's password is not in a file of `/etc`. */
function hashOf(
  account: Account,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): string | undefined {
  return passwordFieldOf(account, readIfThere(`${etcDir}/shadow`));
}

/** Whether a hash is DES or MD5. */
function isWeak(hash: string | undefined): boolean {
  return hash !== undefined &&
    (!hash.startsWith("$") || /^\$(1|md5)/.test(hash));
}

/** Busybox makes DES by default. Its programs are links to it, or wrappers, which are not recognised. */
async function isBusybox(): Promise<boolean> {
  const path = await findProgram(PASSWORD_PROGRAM);
  if (path === undefined) return false;
  try {
    if (/\/busybox[^/]*$/.test(await Deno.realPath(path))) return true;
    const { dev, ino } = await Deno.stat(path);
    return programFolders("busybox").some((folder) => {
      try {
        const busybox = Deno.statSync(`${folder}/busybox`);
        return busybox.dev === dev && busybox.ino === ino;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** How many characters of a password give it away; fewer may be in a message by accident. */
const TELLTALE_LENGTH = 8;

/** A module of PAM may print anything; what may be a part of the password is dropped. */
function withoutSecret(result: RunResult, password: Secret): RunResult {
  if (result.kind !== "failed") return result;
  const text = password.reveal();
  const parts = Math.max(1, text.length - TELLTALE_LENGTH + 1);
  for (let at = 0; at < parts; at++) {
    const part = text.slice(at, at + TELLTALE_LENGTH);
    if (!result.reason.includes(part)) continue;
    return failed("it failed, with a message that is not for the log");
  }
  return result;
}

function failed(reason: string): RunResult {
  return { kind: "failed", reason: `${PASSWORD_PROGRAM}: ${reason}` };
}
