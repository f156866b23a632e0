import { isThere } from "../../../files/is_there.ts";
import { type Account, findAccount } from "./accounts.ts";
import {
  type LoginMachine,
  type ProgramMachine,
  readIfThere,
  runWithin,
} from "../login_machine.ts";
import { NAME_SERVICE_PROGRAM } from "../login_names.ts";

/** How much of what getent prints is read, in characters. A group may have many members. */
const MAX_OUTPUT_LENGTH = 64 * 1024;

/** Sources of nsswitch.conf that know no group beside those of `/etc/group` and of userdb. */
const LOCAL_SOURCES: readonly string[] = ["files", "compat", "systemd"];

/** The folders of systemd's userdb, which the source `systemd` reads. */
const USERDB_FOLDERS: readonly string[] = [
  "/etc/userdb",
  "/run/userdb",
  "/usr/lib/userdb",
];

/**
 * Finds an account in any source, for one that `/etc/passwd` lacks.
 *
 * @param name A name that `checkUserName` accepts.
 * @returns `undefined` if no source has it, or nothing can ask them.
 */
export async function lookUpAccount(
  name: string,
  machine: ProgramMachine,
): Promise<Account | undefined> {
  return findAccount(await ask("passwd", [name], machine), name);
}

/**
 * Finds an account's line of shadow(5) in any source.
 *
 * @param name A name that `checkUserName` accepts.
 */
export async function lookUpShadow(
  name: string,
  machine: ProgramMachine,
): Promise<string> {
  return await ask("shadow", [name], machine);
}

/**
 * Finds groups in any source, for those that `/etc/group` lacks. Asks nobody if there is
 * no other source.
 *
 * @returns The text of a group(5) file with those that were found.
 */
export async function lookUpGroups(
  names: readonly string[],
  machine: ProgramMachine & Pick<LoginMachine, "etcDir">,
): Promise<string> {
  if (names.length === 0 || !hasOtherSources("group", machine)) return "";
  return await ask("group", names, machine);
}

/** Whether nsswitch.conf(5) names a source other than the files of `/etc`. */
export function hasOtherSources(
  database: "passwd" | "group",
  { etcDir }: Pick<LoginMachine, "etcDir">,
): boolean {
  const switches = readIfThere(`${etcDir}/nsswitch.conf`) ?? "";
  const line = new RegExp(`^[ \\t]*${database}[ \\t]*:([^#\\n]*)`, "m")
    .exec(switches)?.[1] ?? "";
  const sources = line.replace(/\[[^\]]*\]/g, " ").split(/[ \t]+/)
    .filter((source) => source !== "");
  return sources.some((source) => !LOCAL_SOURCES.includes(source)) ||
    (sources.includes("systemd") && USERDB_FOLDERS.some(isThere));
}

/** Fails if one of several names is unknown, and prints the others all the same. */
async function ask(
  database: "passwd" | "shadow" | "group",
  names: readonly string[],
  machine: ProgramMachine,
): Promise<string> {
  const result = await runWithin(
    machine,
    NAME_SERVICE_PROGRAM,
    ["--", database, ...names],
    { keepOutput: MAX_OUTPUT_LENGTH },
  );
  return result.kind === "absent" ? "" : result.output ?? "";
}
