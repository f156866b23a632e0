import { uniqueName } from "../helpers/unique_name.ts";

/** The most memory that a program used. */
export interface MemoryPeak {
  /** The largest resident set of one of its processes, in bytes. */
  readonly residentBytes: number;
  /** The memory that the kernel could not reclaim: its own and the processes', without files, in bytes. */
  readonly unevictableBytes: number;
}

interface Hierarchy {
  readonly folder: string;
  /** The file with the group's peak. */
  readonly peak: string;
  /** The name of the pages of files in `memory.stat`. */
  readonly fileKey: string;
}

const ROOT = "/sys/fs/cgroup";

/** The two versions of control groups. */
const HIERARCHIES: readonly Hierarchy[] = [
  {
    folder: `${ROOT}/memory`,
    peak: "memory.max_usage_in_bytes",
    fileKey: "cache",
  },
  { folder: ROOT, peak: "memory.peak", fileKey: "file" },
];

/**
 * Runs a program to its end in a control group of its own.
 *
 * The group's peak is the kernel's own count. A program that is in the page cache is
 * not charged for its file's pages, as they are another group's; what is charged for
 * files that it wrote is taken off. The resident set is read each millisecond: what the
 * kernel tells at the end has the parent's in it.
 *
 * @param start Starts it; the process enters the group by writing `0` to the file.
 * @returns The peaks, or `undefined` where there is no such group.
 */
export async function memoryPeak(
  start: (entrance: string) => Promise<unknown>,
): Promise<MemoryPeak | undefined> {
  for (const hierarchy of HIERARCHIES) {
    const folder = `${hierarchy.folder}/${uniqueName()}`;
    try {
      await Deno.mkdir(folder);
    } catch {
      continue;
    }
    try {
      if (!isThere(`${folder}/${hierarchy.peak}`)) continue;
      return await measure(folder, hierarchy, start);
    } finally {
      await Deno.remove(folder);
    }
  }
  return undefined;
}

async function measure(
  folder: string,
  { peak, fileKey }: Hierarchy,
  start: (entrance: string) => Promise<unknown>,
): Promise<MemoryPeak> {
  let ended = false;
  const end = start(`${folder}/cgroup.procs`).finally(() => ended = true);
  let residentBytes = 0;
  while (!ended) {
    residentBytes = Math.max(residentBytes, residentBytesIn(folder));
    await new Promise((wake) => setTimeout(wake, 1));
  }
  await end;
  const most = Number(await Deno.readTextFile(`${folder}/${peak}`));
  const stat = await Deno.readTextFile(`${folder}/memory.stat`);
  const file = new RegExp(`^${fileKey} (\\d+)$`, "m").exec(stat)?.[1] ?? "0";
  return { residentBytes, unevictableBytes: most - Number(file) };
}

function residentBytesIn(folder: string): number {
  try {
    const ids = Deno.readTextFileSync(`${folder}/cgroup.procs`).trim();
    return Math.max(0, ...ids.split("\n").map(residentBytes));
  } catch {
    return 0;
  }
}

function residentBytes(id: string): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${id}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
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
