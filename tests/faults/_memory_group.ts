import { waitUntil } from "../helpers/wait_until.ts";
import { uniqueName } from "../helpers/unique_name.ts";

/** A control group whose processes get so much memory, and no swap. */
export interface MemoryGroup extends AsyncDisposable {
  /** The file that a process writes its id to, to enter it. */
  readonly entrance: string;
}

interface Hierarchy {
  readonly folder: string;
  /** The file of the limit, and the one of the limit for memory and swap, or swap alone. */
  readonly limits: (bytes: number) => Readonly<Record<string, number>>;
}

const ROOT = "/sys/fs/cgroup";

/** The older form of the kernel's control groups, and the newer one. */
const HIERARCHIES: readonly Hierarchy[] = [
  {
    folder: `${ROOT}/memory`,
    limits: (bytes) => ({
      "memory.limit_in_bytes": bytes,
      "memory.memsw.limit_in_bytes": bytes,
    }),
  },
  {
    folder: ROOT,
    limits: (bytes) => ({ "memory.max": bytes, "memory.swap.max": 0 }),
  },
];

const HIERARCHY = HIERARCHIES.find(({ folder, limits }) => {
  const [file] = Object.keys(limits(0));
  return isThere(`${folder}/${file}`) || controlsMemory(folder);
});

/** Why there can be no such group here, or `undefined` if there can. */
export const MEMORY_OBSTACLE: string | undefined = HIERARCHY === undefined
  ? "they need a control group with a memory controller"
  : undefined;

/**
 * Makes a control group.
 *
 * @param mib How much memory its processes get, in MiB.
 * @returns The group; disposing of it waits until they have ended.
 */
export async function makeMemoryGroup(mib: number): Promise<MemoryGroup> {
  const { folder: parent, limits } = HIERARCHY!;
  const folder = `${parent}/${uniqueName()}`;
  await Deno.mkdir(folder);
  for (const [file, bytes] of Object.entries(limits(mib * 2 ** 20))) {
    // Without swap in the kernel, there is no file for it.
    if (!isThere(`${folder}/${file}`)) continue;
    await Deno.writeTextFile(`${folder}/${file}`, String(bytes));
  }
  return {
    entrance: `${folder}/cgroup.procs`,
    [Symbol.asyncDispose]: () =>
      waitUntil(
        `the control group ${folder} is gone`,
        () => isRemoved(folder),
        30_000,
      ),
  };
}

function isRemoved(folder: string): boolean {
  try {
    Deno.removeSync(folder);
    return true;
  } catch {
    return false;
  }
}

function controlsMemory(folder: string): boolean {
  try {
    return Deno.readTextFileSync(`${folder}/cgroup.subtree_control`)
      .split(/\s+/).includes("memory");
  } catch {
    return false;
  }
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
