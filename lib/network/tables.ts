import { GREP } from "../host/grep.ts";
import type { Host } from "../host/host.ts";

/** The kernel's routes, addresses and network devices; see `proc(5)`. */
const TABLES = [
  "/proc/self/net/route",
  "/proc/self/net/fib_trie",
  "/proc/self/net/dev",
] as const;

/** The most devices that are asked for their state. */
const MAX_DEVICES = 16;

/** Reading a few small files takes far less, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 500;

/** Enough for a thousand routes, in characters. */
const MAX_OUTPUT_LENGTH = 256 * 1024;

/** What the kernel knows of the network, as text. */
export interface NetworkTables {
  /** The lines of the table of IPv4 routes. */
  readonly routes: readonly string[];
  /** The lines of the tree of IPv4 addresses. */
  readonly addresses: readonly string[];
  /** The network devices and, if known, their state, such as `up` or `lowerlayerdown`. */
  readonly devices: ReadonlyMap<string, string | undefined>;
}

/**
 * Reads the kernel's tables with `grep`, which takes milliseconds: only for failures.
 * Needs `--allow-run` for it.
 *
 * @param host The machine.
 * @param signal Ends it early.
 * @returns The tables; `undefined` if they cannot be read.
 */
export async function readTables(
  host: Pick<Host, "run">,
  signal: AbortSignal | undefined,
): Promise<NetworkTables | undefined> {
  const lines = await linesOf(TABLES, host, signal);
  const [routes = [], addresses = [], devices = []] = TABLES.map((path) =>
    lines.get(path)
  );
  if (routes.length === 0 && devices.length === 0) return undefined;
  const names = devices.flatMap((line) =>
    /^\s*([^\s:]+):/.exec(line)?.[1] ?? []
  )
    .filter((name) => name !== "lo").slice(0, MAX_DEVICES);
  const states = names.length === 0
    ? new Map<string, string[]>()
    : await linesOf(names.map(statePath), host, signal);
  return {
    routes,
    addresses,
    devices: new Map(
      names.map((name) => [name, states.get(statePath(name))?.[0]]),
    ),
  };
}

function statePath(device: string): string {
  return `/sys/class/net/${device}/operstate`;
}

/** The lines of files, by path. A file that cannot be read is missing. */
async function linesOf(
  paths: readonly string[],
  host: Pick<Host, "run">,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string[]>> {
  const result = await host.run(GREP, {
    // No message about a missing file, each line with its file's name.
    args: ["-s", "-H", "-e", "", ...paths],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    keepOutput: MAX_OUTPUT_LENGTH,
    signal,
  });
  const files = new Map<string, string[]>();
  const output = result.kind === "absent" ? "" : result.output ?? "";
  for (const line of output.split("\n")) {
    const path = paths.find((it) => line.startsWith(`${it}:`));
    if (path === undefined) continue;
    const lines = files.get(path) ?? [];
    files.set(path, lines);
    lines.push(line.slice(path.length + 1));
  }
  return files;
}
