import { waitUntil } from "../helpers/wait_until.ts";

/** A control group of a machine's own, in every hierarchy that systemd uses. */
export interface Cgroup extends AsyncDisposable {
  /** The files that a process writes its id to, to enter the group. */
  readonly entrances: readonly string[];
  /** The processes in it and in the groups below, by their ids on this machine. */
  processes(): number[];
  /** Whether there are processes in a group of the given name, anywhere below. */
  hasProcessesIn(group: string): boolean;
  /** Its first process: the machine's PID 1, if the machine runs. */
  firstProcess(): number | undefined;
}

const ROOT = "/sys/fs/cgroup";

/**
 * Makes a control group.
 *
 * @param name A unique name.
 * @returns The group; disposing of it kills what is in it and removes it.
 */
export async function makeCgroup(name: string): Promise<Cgroup> {
  const mixed = [`${ROOT}/systemd`, `${ROOT}/unified`].filter(isFolder);
  const folders = (mixed.length > 0 ? mixed : [ROOT])
    .map((hierarchy) => `${hierarchy}/${name}`);
  const processes = () => [...new Set(folders.flatMap(processesBelow))];
  const dispose = async () => {
    await waitUntil(`the processes of ${name} are gone`, () => {
      for (const process of processes()) killHard(process);
      return processes().length === 0;
    }, 30_000);
    await waitUntil(
      `the control group ${name} is gone`,
      () => folders.every(removeGroup),
      30_000,
    );
  };
  for (const folder of folders) await Deno.mkdir(folder);
  return {
    entrances: folders.map((folder) => `${folder}/cgroup.procs`),
    processes,
    hasProcessesIn: (group) =>
      folders.flatMap(groupsBelow).some((folder) =>
        folder.endsWith(`/${group}`) && processesBelow(folder).length > 0
      ),
    firstProcess: () => processes().find(isFirstOfNamespace),
    [Symbol.asyncDispose]: dispose,
  };
}

function processesBelow(folder: string): number[] {
  const own = (readIfThere(`${folder}/cgroup.procs`) ?? "").split("\n")
    .map(Number).filter((id) => id > 0);
  return [...own, ...groupsIn(folder).flatMap(processesBelow)];
}

function groupsBelow(folder: string): string[] {
  return groupsIn(folder).flatMap((group) => [group, ...groupsBelow(group)]);
}

function groupsIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory)
      .map((entry) => `${folder}/${entry.name}`);
  } catch {
    return [];
  }
}

/** A group can be removed once there is none below it; false while it is busy. */
function removeGroup(folder: string): boolean {
  if (!isFolder(folder)) return true;
  if (!groupsIn(folder).every(removeGroup)) return false;
  try {
    Deno.removeSync(folder);
    return true;
  } catch {
    return false;
  }
}

function isFirstOfNamespace(process: number): boolean {
  const status = readIfThere(`/proc/${process}/status`) ?? "";
  const [, ids = ""] = /^NSpid:\s*(.*)$/m.exec(status) ?? [];
  return /\s1$/.test(ids);
}

function killHard(process: number): void {
  try {
    Deno.kill(process, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
