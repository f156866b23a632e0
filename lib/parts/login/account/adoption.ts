import { type Account, isSystemId } from "./accounts.ts";
import { homesDirOf } from "../home/homes.ts";
import { readFirstIds } from "./login_defs.ts";
import type { LoginMachine } from "../login_machine.ts";
import { systemAccountSource } from "./system_accounts.ts";

/** Ends of shells that let nobody log in. */
export const NO_LOGIN_SHELL = /\/(?:nologin|false|true|sync|halt|shutdown)$/;

/** An id that is a system account's on all distributions, whatever login.defs says. */
const USUAL_FIRST_ID = 1000;

/**
 * Says why an existing account cannot be the admin user's.
 *
 * An account with an ordinary id, according to login.defs(5), can. So can one with a
 * lower id, which an image's builder may have given to the image's own user, if it is
 * plainly meant for logging in: it has a login shell, its home is with the other homes,
 * and it is no account of the system's or of a service's. The latter also holds for ids
 * that only login.defs(5) calls ordinary, unless the home is with the other homes.
 *
 * @returns `undefined` if the account is adopted; otherwise the end of a sentence.
 */
export function whyNotAdopted(
  { name, uid, home, shell }: Account,
  machine: Pick<LoginMachine, "etcDir" | "homesDirs">,
): string | undefined {
  const ofSystem = "the system has an account of that name";
  if (isSystemId(uid, 0)) return ofSystem;
  const isOrdinary = !isSystemId(uid, readFirstIds(machine).user);
  const isWithHomes =
    homesDirOf(home.replace(/\/+$/, ""), machine) !== undefined;
  if (isOrdinary && (uid >= USUAL_FIRST_ID || isWithHomes)) return undefined;
  if (NO_LOGIN_SHELL.test(shell)) return ofSystem;
  if (!isOrdinary && !isWithHomes) return ofSystem;
  const source = systemAccountSource(name, machine);
  return source === undefined ? undefined : `${ofSystem} (${source})`;
}
