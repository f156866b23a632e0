/** What {@linkcode checkUserName} makes of a name. */
export type UserNameResult =
  | { readonly ok: true }
  | {
    readonly ok: false;
    /** Why it cannot be the name of a user that logs in. */
    readonly reason: string;
  };

/** The longest name that utmp, and so useradd, takes, in bytes. */
const MAX_USER_NAME_BYTES = 32;

/**
 * Checks the name of an admin user.
 *
 * Allowed is what useradd of shadow and adduser of busybox both take, and what means
 * nothing else to a program that reads it: letters, digits, `_`, `.` and `-`, the
 * first a letter or `_`, 32 bytes. So it is no option, no number, no path, and no
 * more than one field of passwd(5) or word of sudoers(5). `root` is refused.
 *
 * @param name The name as given.
 * @returns Whether it may be used, or why not.
 */
export function checkUserName(name: string): UserNameResult {
  if (name === "") return refuse("it is empty");
  const bytes = new TextEncoder().encode(name.slice(0, 1024)).length;
  if (bytes > MAX_USER_NAME_BYTES) {
    return refuse(`it is over ${MAX_USER_NAME_BYTES} bytes long`);
  }
  const wrong = /[^A-Za-z0-9_.-]/u.exec(name)?.[0];
  if (wrong !== undefined) {
    return refuse(
      `it holds ${
        describe(wrong)
      }, and only letters, digits, "_", "." and "-" are allowed`,
    );
  }
  if (!/^[A-Za-z_]/.test(name)) {
    return refuse(`it starts with "${name[0]}", not with a letter or "_"`);
  }
  if (name === "root") return refuse("it is the system's own user");
  return { ok: true };
}

function refuse(reason: string): UserNameResult {
  return { ok: false, reason };
}

function describe(character: string): string {
  const codePoint = character.codePointAt(0)!;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  return codePoint > 0x20 && codePoint < 0x7f ? `'${character}'` : name;
}
