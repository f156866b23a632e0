/** A line of passwd(5). */
export interface Account {
  /** The user's name. */
  readonly name: string;
  /** The field of the password: `x` where it is in shadow(5). */
  readonly password: string;
  /** The user's id. */
  readonly uid: number;
  /** The id of the user's own group. */
  readonly gid: number;
  /** The home folder. */
  readonly home: string;
}

/** A line of group(5). */
export interface Group {
  /** The group's name. */
  readonly name: string;
  /** The group's id. */
  readonly gid: number;
  /** The names of the users whose own group is another. */
  readonly members: readonly string[];
}

/** The first id of a user that is no account of the system, on every distribution of today. */
const FIRST_USER_ID = 1000;

/** The next one means "no id" to the kernel. */
const LARGEST_ID = 2 ** 32 - 2;

/** nobody, and what a kernel shows for an id that it cannot show. */
const NOBODY_IDS: readonly number[] = [65534, 65535];

/**
 * Whether an id is one of the system's, and so nobody logs in with it.
 *
 * @param id The id of a user or a group.
 * @returns Whether it is under 1000, or nobody's.
 */
export function isSystemId(id: number): boolean {
  return id < FIRST_USER_ID || NOBODY_IDS.includes(id);
}

/**
 * Finds an account; the first line counts, as it does for the C library.
 *
 * @param passwd The text of `/etc/passwd`.
 * @param name The user's name.
 * @returns The account, or `undefined` if there is none, or its line is damaged.
 */
export function findAccount(
  passwd: string,
  name: string,
): Account | undefined {
  const fields = fieldsOf(passwd, name);
  if (fields === undefined || fields.length !== 7) return undefined;
  const [, password, uid, gid, , home] = fields as [
    ...[string, string, string, string, string, string],
  ];
  if (!isId(uid) || !isId(gid)) return undefined;
  return { name, password, uid: Number(uid), gid: Number(gid), home };
}

/**
 * Finds a group; the first line counts.
 *
 * @param group The text of `/etc/group`.
 * @param name The group's name.
 * @returns The group, or `undefined` if there is none, or its line is damaged.
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

/** How an account's password stands. */
export type PasswordState =
  /** There has never been one, and the account is locked: `!`, or no line at all. */
  | "never set"
  /** One that is there was locked by somebody: `!` in front of it. */
  | "locked"
  /** Anything else, such as `*`: no password, and no lock. */
  | "as it is";

/**
 * Tells how an account's password stands.
 *
 * @param account The account.
 * @param shadow The text of `/etc/shadow`; `undefined` if there is no such file.
 * @returns The state.
 */
export function passwordStateOf(
  account: Account,
  shadow: string | undefined,
): PasswordState {
  const inShadow = account.password === "x";
  if (inShadow && shadow === undefined) return "as it is";
  const field = inShadow
    ? fieldsOf(shadow!, account.name)?.[1]
    : account.password;
  // adduser of busybox writes one, some builds of useradd write two.
  if (field === undefined || /^!{1,2}$/.test(field)) return "never set";
  return field.startsWith("!") ? "locked" : "as it is";
}

function fieldsOf(text: string, name: string): string[] | undefined {
  const start = `${name}:`;
  return text.split("\n").find((line) => line.startsWith(start))?.split(":");
}

function isId(text: string): boolean {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= LARGEST_ID;
}
