import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import { type Account, findGroup, type Group } from "./accounts.ts";
import {
  isReadOnly,
  type LoginMachine,
  readIfThere,
} from "../login_machine.ts";
import { lookUpGroups } from "./name_service.ts";
import { runAccountProgram } from "./run_account_program.ts";
import { runFirst } from "../run_first.ts";

/** The most members that are copied with a group. */
const MAX_MEMBERS = 32;

/**
 * A root other than `/` that leads to the same files: with it, shadow's programs look at
 * the files of `/etc` only, and not at the other sources that have the group already.
 */
const SAME_ROOT = "/.";

/**
 * Adds a user to those of several groups that exist. A group that only another source has,
 * such as `/usr/lib/group`, is copied to `/etc/group` first, because members are added
 * only there. If that does not work, or `/etc` is read-only, a warning names the groups.
 *
 * @throws {ProvisioningError} If the user cannot be added to a group of `/etc/group`.
 */
export async function addToGroups(
  account: Account,
  wanted: readonly string[],
  machine: LoginMachine,
): Promise<void> {
  const { name } = account;
  const local = readIfThere(`${machine.etcDir}/group`) ?? "";
  const names = [...new Set(wanted)];
  const others = await lookUpGroups(
    names.filter((group) => findGroup(local, group) === undefined),
    machine,
  );
  const problems = new Map<string, string[]>();
  for (const groupName of names) {
    const own = findGroup(local, groupName);
    const group = own ?? findGroup(others, groupName);
    if (group === undefined) {
      machine.log.debug(
        `There is no group "${groupName}" to put the admin user into`,
      );
      continue;
    }
    if (group.gid === account.gid || group.members.includes(name)) continue;
    const problem = own === undefined
      ? await copy(group, machine) ?? await add(name, group.name, machine)
      : await add(name, group.name, machine);
    if (problem === undefined) continue;
    if (own !== undefined && !isReadOnly(machine)) {
      throw notAdded(name, groupName, problem);
    }
    problems.set(problem, [...problems.get(problem) ?? [], groupName]);
  }
  for (const [problem, groups] of problems) {
    const list = groups.map((group) => `"${group}"`).join(", ");
    machine.log.warn(
      `The admin user "${name}" is not in the ${
        groups.length === 1 ? "group" : "groups"
      } ${list}: ${problem}; add the user in the image`,
    );
  }
}

async function add(
  user: string,
  group: string,
  machine: LoginMachine,
): Promise<string | undefined> {
  return await runFirst(machine, [
    ["usermod", ["--append", "--groups", group, "--", user]],
    ["addgroup", ["--", user, group]],
  ]);
}

/** Copies a group with its members to `/etc/group`. Returns why it cannot, if so. */
async function copy(
  { name, gid, members }: Group,
  machine: LoginMachine,
): Promise<string | undefined> {
  const where = "only a source other than /etc/group has it";
  const args = ["--prefix", SAME_ROOT, "--gid", `${gid}`, "--", name];
  const result = await runAccountProgram(machine, "groupadd", args);
  if (result.kind === "absent") {
    return `${where}, and "groupadd" is not installed`;
  }
  if (result.kind === "failed") return `${where}, and ${result.reason}`;
  machine.log.info(`Copied the group "${name}" to /etc/group`);
  for (const member of members.slice(0, MAX_MEMBERS)) {
    const problem = await add(member, name, machine);
    if (problem === undefined) continue;
    machine.log.warn(
      `Cannot copy the member "${member}" of the group "${name}" to /etc/group: ${problem}`,
    );
  }
  return undefined;
}

function notAdded(
  name: string,
  group: string,
  problem: string,
): ProvisioningError {
  return new ProvisioningError(
    `Cannot set up the admin user "${name}": cannot put the user into the group "${group}": ${problem}; check that /etc is writable`,
    { key: "admin_user_not_made", exitCode: ExitCode.cannotCreate },
  );
}
