/** A line of passwd(5). */
export interface Account {
  /** The user's name. */
  readonly name: string;
  /** The password field; `x` if the password is in shadow(5). */
  readonly password: string;
  /** The user's id. */
  readonly uid: number;
  /** The id of the user's primary group. */
  readonly gid: number;
  /** The home folder. */
  readonly home: string;
  /** The login shell; empty for `/bin/sh`. */
  readonly shell: string;
}

/** A line of group(5). */
export interface Group {
  /** The group's name. */
  readonly name: string;
  /** The group's id. */
  readonly gid: number;
  /** The names of the members whose primary group is another one. */
  readonly members: readonly string[];
}

/** The kernel uses the next one for "no id". */
const LARGEST_ID = 2 ** 32 - 2;

/** `nobody`, and the kernel's overflow id. */
const NOBODY_IDS: readonly number[] = [65534, 65535];

/**
 * Whether a user's or group's id belongs to the system, or to nobody.
 *
 * @param first The lowest id of ordinary users or groups.
 */
export function isSystemId(id: number, first: number): boolean {
  return id < first || id === 0 || NOBODY_IDS.includes(id);
}

/**
 * Finds an account. The first matching line counts, as it does for the C library.
 *
 * @param passwd The text of `/etc/passwd`.
 * @returns `undefined` if there is none, or if its line is damaged.
 */
export function findAccount(
  passwd: string,
  name: string,
): Account | undefined {
  const fields = fieldsOf(passwd, name);
  if (fields === undefined || fields.length !== 7) return undefined;
  const [, password, uid, gid, , home, shell] = fields as [
    ...[string, string, string, string, string, string, string],
  ];
  if (!isId(uid) || !isId(gid)) return undefined;
  return { name, password, uid: Number(uid), gid: Number(gid), home, shell };
}

/**
 * Finds a group. The first matching line counts.
 *
 * @param group The text of `/etc/group`.
 * @returns `undefined` if there is none, or if its line is damaged.
 */
export function findGroup(group: string, name: string): Group | undefined {
  const [, , gid, members] = fieldsOf(group, name) ?? [];
  if (gid === undefined || !isId(gid)) return undefined;
  return {
    name,
    gid: Number(gid),
    members: (members ?? "").split(",").filter((member) => member !== ""),
  };
}

/** The state of an account's password. */
export type PasswordState =
  /** It was never set, and the account is locked: `!`, or no line at all. */
  | "never set"
  /** It was set, and then locked: `!` in front of it. */
  | "locked"
  /** It is not locked: a password, or none, as with `*`. */
  | "unlocked";

/**
 * Reads the state of an account's password.
 *
 * @param shadow The text of `/etc/shadow`; `undefined` if there is no such file, so
 * that the state is unknown and counts as unlocked.
 */
export function passwordStateOf(
  account: Pick<Account, "name" | "password">,
  shadow: string | undefined,
): PasswordState {
  if (account.password === "x" && shadow === undefined) return "unlocked";
  const field = passwordFieldOf(account, shadow);
  // Busybox's adduser writes one, some builds of useradd write two.
  if (field === undefined || /^!{1,2}$/.test(field)) return "never set";
  return field.startsWith("!") ? "locked" : "unlocked";
}

/**
 * Finds what stands for an account's password: a hash, or what no password matches.
 *
 * @param shadow The text of `/etc/shadow`; `undefined` if there is no such file.
 * @returns `undefined` if there is nothing in either file.
 */
export function passwordFieldOf(
  { name, password }: Pick<Account, "name" | "password">,
  shadow: string | undefined,
): string | undefined {
  return password === "x" ? fieldsOf(shadow ?? "", name)?.[1] : password;
}

function fieldsOf(text: string, name: string): string[] | undefined {
  const start = `${name}:`;
  return text.split("\n").find((line) => line.startsWith(start))?.split(":");
}

function isId(text: string): boolean {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= LARGEST_ID;
}
