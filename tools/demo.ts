/**
 * Plays a first boot and the boot after it on the loopback: the program's own code
 * beside the simulated platform.
 *
 * Nothing on this machine changes. The VM's /etc and state are in a temporary folder,
 * and the programs that would set the host name are only printed.
 *
 * @module
 */
import { catchStopSignals } from "../lib/cli/stop_signals.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log/create_log.ts";
import type { Host } from "../lib/host/host.ts";
import { hostnamePart } from "../lib/parts/hostname/hostname_part.ts";
import { DEFAULT_SETTINGS } from "../lib/parts/part.ts";
import { provision } from "../lib/provision.ts";
import {
  type Fault,
  formatEvent,
  formatVerdict,
  parseFault,
  type Platform,
  startPlatform,
} from "../lib/simulator/mod.ts";

const COMPUTER_NAME = "demo-vm";
const TIMEOUT_MS = 60_000;

/** The widths of the two columns. */
const LEFT_WIDTH = 62;
const RIGHT_WIDTH = 54;

function show(left: string, right: string): void {
  console.log(twoColumns(left, right));
}

function startDemoPlatform(faults: readonly Fault[]): Promise<Platform> {
  const address = { hostname: "127.0.0.1", port: 0 };
  return startPlatform({
    wireserver: address,
    imds: address,
    computerName: COMPUTER_NAME,
    faults,
    onEvent: (event) => show("", formatEvent(event)),
  });
}

/** Creates a machine that takes a name as a real one would, except in its kernel. */
async function createDemoHost(dir: string): Promise<Host> {
  const etcDir = `${dir}/etc`;
  await Deno.mkdir(etcDir);
  await Deno.writeTextFile(`${etcDir}/hosts`, "127.0.0.1\tlocalhost\n");
  let name = "image";
  return {
    etcDir,
    currentName: () => name,
    has: () => false,
    revoke: () => {},
    run(program, { args }) {
      show(`(would run: ${program} ${args.join(" ")})`, "");
      name = args.at(-1)!;
      return Promise.resolve({ kind: "ok" });
    },
  };
}

async function boot(
  title: string,
  { platform, host, dir, signal }: {
    platform: Platform;
    host: Host;
    dir: string;
    signal: AbortSignal;
  },
): Promise<void> {
  console.log(`\n${title}\n`);
  show("The VM's journal", "The platform");
  show("----------------", "------------");
  await provision({
    wireserver: {
      endpoint: platform.wireserver,
      agentName: "custom-provisioning",
    },
    healthProtocol: "auto",
    imds: platform.imds,
    timeoutMs: TIMEOUT_MS,
    stateDir: `${dir}/state`,
    force: false,
    selection: new Map([["hostname", "required"]]),
    parts: [hostnamePart],
    settings: DEFAULT_SETTINGS,
    host,
    clock: systemClock,
    log: createLog({
      level: "info",
      format: "text",
      journal: false,
      write: (line) => show(line.trimEnd(), ""),
    }),
    signal,
  });
}

async function main(signal: AbortSignal): Promise<boolean> {
  const faults = Deno.args.map(parseFault);
  const dir = await Deno.makeTempDir({
    dir: "/tmp",
    prefix: "azure-provisioning-demo-",
  });
  // On unload, because a second signal ends the demo at once, and `deno task` sends two for one Ctrl-C.
  addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
  const platform = await startDemoPlatform(faults);
  try {
    const host = await createDemoHost(dir);
    const vm = { platform, host, dir, signal };
    await boot("First boot", vm);
    await boot("Second boot", vm);
    const hostname = await Deno.readTextFile(`${host.etcDir}/hostname`);
    console.log(`\nThe platform's verdict\n
${formatVerdict(platform.verdict()).trimEnd()}
Host name on the VM: "${hostname.trim()}"`);
    return platform.verdict().ready && hostname === `${COMPUTER_NAME}\n`;
  } finally {
    await platform.shutdown();
  }
}

/**
 * Puts two paragraphs side by side, each wrapped to its column.
 *
 * @returns The lines, without a line end after the last.
 */
export function twoColumns(left: string, right: string): string {
  const lefts = wrap(left, LEFT_WIDTH);
  const rights = wrap(right, RIGHT_WIDTH);
  const rows: string[] = [];
  for (let row = 0; row < Math.max(lefts.length, rights.length); row++) {
    const cell = (lefts[row] ?? "").padEnd(LEFT_WIDTH);
    rows.push(`${cell} | ${rights[row] ?? ""}`.trimEnd());
  }
  return rows.join("\n");
}

/** Breaks lines at a blank or after a tag, or at the width if there is neither. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const start = rest.slice(0, width);
    const at = Math.max(start.lastIndexOf(" "), start.lastIndexOf(">")) + 1;
    const cut = at > width / 2 ? at : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = `  ${rest.slice(cut)}`;
  }
  return [...lines, rest];
}

if (import.meta.main) {
  const stop = catchStopSignals();
  try {
    Deno.exit(await main(stop.signal) ? 0 : 1);
  } catch (error) {
    if (stop.caught !== undefined) Deno.exit(stop.caught.exitCode);
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
