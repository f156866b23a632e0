import type { Obstacle } from "../login/obstacle.ts";

/** The fields of a line of shadow(5) that decide whether its user may log in. */
export interface ShadowEntry {
  /** The hash, or what stands for it. */
  readonly password: string;
  /** The day of the last change of the password; 0 if it has to be changed. */
  readonly changed: number | undefined;
  /** For how many days a password is good. */
  readonly maxDays: number | undefined;
  /** How many days after that it can still be changed. */
  readonly inactiveDays: number | undefined;
  /** The day on which the account expires. */
  readonly expires: number | undefined;
}

/**
 * Finds a user's entry.
 *
 * @param shadow The text of `/etc/shadow`.
 */
export function findShadowEntry(
  shadow: string,
  name: string,
): ShadowEntry | undefined {
  const fields = shadow.split("\n").find((line) => line.startsWith(`${name}:`))
    ?.split(":");
  if (fields === undefined || fields.length < 2) return undefined;
  const day = (at: number) =>
    /^[0-9]{1,9}$/.test(fields[at] ?? "") ? Number(fields[at]) : undefined;
  return {
    password: fields[1]!,
    changed: day(2),
    maxDays: day(4),
    inactiveDays: day(6),
    expires: day(7),
  };
}

/** What else decides about an account. */
export interface AccountFacts {
  /** The user's name. */
  readonly name: string;
  /** The day, counted from 1970; `undefined` if the clock cannot be right. */
  readonly today: number | undefined;
  /** Whether sshd asks PAM about accounts. */
  readonly usesPam: boolean;
  /** Whether PAM lets users in with a key although their password is too old. */
  readonly ignoresOldPasswords: boolean;
}

/**
 * Finds what is wrong with an account. With PAM it is pam_unix that decides, which does
 * not care whether an account is locked; without PAM it is sshd itself, which does not
 * care how old the password of a user with a key is.
 */
export function accountObstacle(
  entry: ShadowEntry,
  { name, today, usesPam, ignoresOldPasswords }: AccountFacts,
): Obstacle | undefined {
  const { password, changed, maxDays, inactiveDays, expires } = entry;
  const account = `the account "${name}"`;
  if (today !== undefined && expires !== undefined) {
    if (usesPam ? today >= expires : today > expires) {
      return {
        problem: `${account} has expired (the 8th field in "/etc/shadow")`,
        remedy: `run "chage -E -1 ${name}" in the image`,
      };
    }
  }
  if (!usesPam) {
    return password.startsWith("!")
      ? {
        problem: `${account} is locked ("!" in "/etc/shadow")`,
        remedy: `run "usermod -p '*' ${name}" in the image`,
      }
      : undefined;
  }
  if (ignoresOldPasswords) return undefined;
  const isTooOld = changed === 0 ||
    (today !== undefined && changed !== undefined && maxDays !== undefined &&
      today >= changed && today - changed > maxDays);
  if (!isTooOld) return undefined;
  const isOver = changed !== 0 && inactiveDays !== undefined &&
    today! - changed! > maxDays! + inactiveDays;
  return {
    problem: isOver
      ? `the password of "${name}" is too old to be changed (the 5th and 7th fields in "/etc/shadow")`
      : `the password of "${name}" has to be changed at the first login (the ${
        changed === 0 ? "3rd field" : "5th field"
      } in "/etc/shadow"), which a key does not do`,
    remedy: `run "chage -d -1 -M -1 ${name}" in the image`,
  };
}
