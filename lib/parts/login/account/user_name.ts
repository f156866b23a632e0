import { describeCharacter } from "../../../describe_character.ts";

/** The result of {@linkcode checkUserName}. */
export type UserNameResult =
  | { readonly ok: true }
  | {
    readonly ok: false;
    /** Why it cannot be an admin user's name. */
    readonly reason: string;
  };

/** The longest name that utmp, and therefore useradd, accepts, in bytes. */
const MAX_USER_NAME_BYTES = 32;

/**
 * Checks the name of an admin user.
 *
 * A name has letters, digits, `_`, `.` and `-`, starts with a letter or `_`, and has
 * at most 32 bytes. Both shadow's useradd and busybox's adduser accept that, and no
 * program takes it for an option, a number, a path, or more than one field of
 * passwd(5) or word of sudoers(5). `root` is refused.
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
      `it contains ${
        describeCharacter(wrong)
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
