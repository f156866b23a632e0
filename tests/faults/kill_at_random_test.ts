import { assertEquals } from "@std/assert";
import { sleep } from "../helpers/wait_until.ts";
import { makeCrashLab, type Phase, tallyOf } from "./_crash_lab.ts";
import { PLAIN_START } from "./_fault_case.ts";
import type { Machine } from "./_machine.ts";
import { faultTest } from "./_register.ts";
import type { Background } from "../helpers/background.ts";

for (
  const { kills, slow } of [
    { kills: 8, slow: false },
    { kills: 200, slow: true },
  ]
) {
  faultTest(
    `a run that is killed at a random moment, ${kills} times: the next one always ends provisioned`,
    { slow },
    () => killAtRandom(kills),
  );
}

/** How long a run takes here. */
interface Usual {
  /** Up to its first line: the runtime starts. */
  readonly startMs: number;
  /** From its first line on. */
  readonly workMs: number;
}

async function killAtRandom(kills: number): Promise<void> {
  await using lab = await makeCrashLab();
  const usual = await usualOf(lab.machine);
  const phases: Phase[] = [];
  let late = 0;
  while (phases.length < kills) {
    const moment = randomMoment(phases.length, usual);
    const phase = await lab.crash(() => killAt(lab.machine, moment)).catch(
      (cause) => {
        throw new Error(`Killed at ${JSON.stringify(moment)}`, { cause });
      },
    );
    if (phase !== "not killed") phases.push(phase);
    else if (++late > 2 * kills + 10) throw new Error("It always ends before");
  }
  console.log(
    `${kills} kills over ${usual.startMs.toFixed(0)} + ${
      usual.workMs.toFixed(0)
    } ms, and ${late} runs that ended before: ${tallyOf(phases)}`,
  );
}

/** The shortest times of some runs: a kill that comes too late tells nothing. */
async function usualOf(machine: Machine): Promise<Usual> {
  let [startMs, workMs] = [Infinity, Infinity];
  for (let run = 0; run < 4; run++) {
    const startedAt = performance.now();
    await using running = machine.start(`${PLAIN_START} --force`);
    await firstLineOf(running);
    const firstLineAt = performance.now();
    assertEquals((await running.end).code, 0);
    startMs = Math.min(startMs, firstLineAt - startedAt);
    workMs = Math.min(workMs, performance.now() - firstLineAt);
  }
  return { startMs, workMs };
}

/** When a run is killed: so long after it started, or after its first line. */
interface Moment {
  readonly after: "start" | "first line";
  readonly ms: number;
}

/** A quarter of the kills are anywhere in the run, the others while it works. */
function randomMoment(kill: number, { startMs, workMs }: Usual): Moment {
  return kill % 4 === 0
    ? { after: "start", ms: Math.random() * (startMs + workMs) }
    : { after: "first line", ms: Math.random() * workMs };
}

async function killAt(machine: Machine, { after, ms }: Moment) {
  const run = machine.start(PLAIN_START);
  if (after === "first line") await firstLineOf(run);
  await sleep(ms);
  run.kill("SIGKILL");
  return run;
}

async function firstLineOf(run: Background): Promise<void> {
  while (run.output.stderr === "" && !run.ended) await sleep(1);
}
