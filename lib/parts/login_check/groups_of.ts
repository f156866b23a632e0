import type { Account } from "../login/account/accounts.ts";

/** A group of a user's. */
export interface UsersGroup {
  /** The group's name. */
  readonly name: string;
  /** The group's id. */
  readonly gid: number;
}

/**
 * Finds a user's groups.
 *
 * @param group The text of `/etc/group`.
 */
export function groupsOf(
  { name, gid }: Pick<Account, "name" | "gid">,
  group: string,
): UsersGroup[] {
  return group.split("\n").flatMap((line) => {
    const [ofGroup = "", , id = "", members = ""] = line.split(":");
    return /^[0-9]+$/.test(id) &&
        (Number(id) === gid || members.split(",").includes(name))
      ? [{ name: ofGroup, gid: Number(id) }]
      : [];
  });
}
