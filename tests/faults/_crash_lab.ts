import { assertEquals } from "@std/assert";
import type { BootPlatform } from "../helpers/boot_platform.ts";
import { type Disk, readDisk, writtenOn } from "./_disk.ts";
import { PLAIN_START } from "./_fault_case.ts";
import {
  IMAGE_HOSTNAME,
  IMAGE_HOSTS,
  type Machine,
  makeMachine,
  untilSeen,
} from "./_machine.ts";
import type { Background } from "../helpers/background.ts";

/** How far a run had come when it was killed. */
export const PHASES = [
  "before its first line",
  "before a request was answered",
  "before Ready",
  "between Ready and the mark",
  "after the mark",
  "not killed",
] as const;

/** One of {@linkcode PHASES}. */
export type Phase = typeof PHASES[number];

/** A machine that is killed over and over, and is a fresh one each time. */
export interface CrashLab extends AsyncDisposable {
  /** The machine. */
  readonly machine: Machine;
  /**
   * Starts a run that is killed, and then one that is not, and checks what the two
   * have left behind.
   *
   * @param start Starts the first run; it is killed by the time that this resolves.
   * @returns How far the first one had come.
   */
  crash(start: () => Promise<Background>): Promise<Phase>;
}

const FRESH = `rm -rf /var/lib/azure-provisioning /etc/.??*
  printf '${IMAGE_HOSTNAME.replace("\n", "\\n")}' >/etc/hostname
  printf '${
  IMAGE_HOSTS.replaceAll("\n", "\\n").replaceAll("\t", "\\t")
}' >/etc/hosts
  hostname image`;

/** Makes a {@linkcode CrashLab}. */
export async function makeCrashLab(): Promise<CrashLab> {
  await using made = new AsyncDisposableStack();
  const machine = made.use(await makeMachine());
  const platform = made.use(await machine.startPlatform());
  const resources = made.move();
  return {
    machine,
    async crash(start) {
      await machine.succeed(FRESH);
      const before = platform.seen().lines.length;
      await using first = await start();
      const { code, stderr } = await first.end;
      assertEquals([0, 137].includes(code), true, `exit ${code}: ${stderr}`);
      const disk = await readDisk(machine);
      const phase = code === 0
        ? "not killed"
        : await phaseOf(platform, before, stderr, disk);
      await nextRunProvisions(machine, platform, before, phase);
      return phase;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Throws if a file is half-written, or the VM is marked though no Ready was accepted. */
async function phaseOf(
  platform: BootPlatform,
  before: number,
  stderr: string,
  disk: Disk,
): Promise<Phase> {
  const isMarked = writtenOn(disk).includes("mark");
  const isReady = (lines: readonly string[]) =>
    lines.slice(before).some((line) => line.includes("-> 200 (Ready"));
  if (isMarked) await untilSeen(platform, "the Ready of a mark", isReady);
  if (isMarked) return "after the mark";
  const { lines } = platform.seen();
  if (isReady(lines)) return "between Ready and the mark";
  if (stderr.includes("ContainerId: ")) return "before Ready";
  return stderr === ""
    ? "before its first line"
    : "before a request was answered";
}

async function nextRunProvisions(
  machine: Machine,
  platform: BootPlatform,
  before: number,
  phase: Phase,
): Promise<void> {
  await using next = machine.start(PLAIN_START);
  const { code, stderr } = await next.end;
  assertEquals(code, 0, stderr);
  const disk = await readDisk(machine);
  assertEquals(writtenOn(disk), ["hostname", "hosts", "mark"], stderr);
  assertEquals(disk.temporary, [], stderr);
  const isMarked = phase === "after the mark" || phase === "not killed";
  assertEquals(/^Provisioned: /m.test(stderr), !isMarked, stderr);
  const reports = (await settledLines(machine, platform)).slice(before)
    .filter((line) => line.includes("?comp=health") && !line.includes(SETTLED));
  for (const report of reports) {
    // A killed run may have been cut off in its report, and then got no answer.
    assertEquals(/-> (200 \(Ready|no answer)/.test(report), true, report);
  }
  const ready = reports.filter((line) => line.includes("-> 200 (Ready")).length;
  assertEquals(ready === 1 || ready === 2, true, reports.join("\n"));
  if (isMarked) assertEquals(ready, 1, "reported again, though it is marked");
}

const SETTLED = "settled";
let settled = 0;

/** The platform's log lags behind: a last report that is known tells that all is in it. */
async function settledLines(
  machine: Machine,
  platform: BootPlatform,
): Promise<readonly string[]> {
  const words = `${SETTLED} ${++settled}.`;
  await machine.succeed(`"$0" health not-ready --description "${words}"`);
  await untilSeen(
    platform,
    words,
    (lines) => lines.some((line) => line.includes(words)),
  );
  return platform.seen().lines;
}

/** Says in one line how often each phase was hit. */
export function tallyOf(phases: readonly Phase[]): string {
  return PHASES.map((phase) => {
    const count = phases.filter((it) => it === phase).length;
    return `${count} ${phase}`;
  }).join(", ");
}
