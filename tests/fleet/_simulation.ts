import type { CallFailure } from "../../lib/http/failure.ts";
import { nextStep, tryTimeoutMs } from "../../lib/http/retry_policy.ts";
import { Throttle } from "../../lib/simulator/throttle.ts";
import { LoadMeter, type RequestFate } from "./_load.ts";
import { seededRandom } from "./_random.ts";
import type { FleetResult } from "./_result.ts";

/** A fleet and the platform that it meets. */
export interface SimulationOptions {
  /** How many VMs start in the first second. */
  readonly vms: number;
  /** How many requests a second each service takes: of one VM, and of all. */
  readonly throttle: { readonly perVm: number; readonly all: number };
  /** What the platform asks with a 429, in milliseconds; nothing by default. */
  readonly retryAfterMs?: number | undefined;
  /** A time at the start in which there is no platform. */
  readonly away?: {
    readonly forMs: number;
    /** Whether nothing at all answers, or connections are refused. */
    readonly silent: boolean;
  };
  /** Which numbers are drawn. */
  readonly seed: number;
  /** Has every VM draw this number for its waits, in place of one of its own. */
  readonly sameRandom?: number;
}

/** How long each VM has, as `--timeout` has it by default, in milliseconds. */
export const TIMEOUT_MS = 1_200_000;

/** The metadata get a quarter of it. */
const METADATA_TIMEOUT_MS = TIMEOUT_MS / 4;

/** Between sending a request and having its answer, in milliseconds. */
const ROUND_TRIP_MS = 5;

/** The calls of a first boot: the first two at once, the report when both have ended. */
const GOAL_STATE = 0;
const METADATA = 1;
const REPORT = 2;
const CALLS = 3;

/**
 * Simulates a fleet that provisions: the program's own retry policy against the
 * simulator's own throttle, without sockets or timers, in no time.
 *
 * @param options The fleet and its platform.
 * @returns How it fared; the same for the same options.
 */
export function simulateFleet(options: SimulationOptions): FleetResult {
  const { vms, throttle, retryAfterMs, away, seed, sameRandom } = options;
  const random = seededRandom(seed);
  const services = {
    wireserver: new Throttle(throttle),
    imds: new Throttle(throttle),
  };
  const throttled: CallFailure = {
    kind: "status",
    status: 429,
    message: "",
    retryAfterMs,
  };
  const unanswered: CallFailure = { kind: "network", message: "" };
  const agenda = new Agenda();
  const meter = new LoadMeter();
  let hurried = 0;

  const names = Array.from({ length: vms }, (_, vm) => String(vm));
  const startedMs = new Uint32Array(vms);
  const requests = new Uint32Array(vms);
  const readyAtMs = new Uint32Array(vms);
  const tries = new Uint32Array(vms * CALLS);
  const ended = new Uint8Array(vms * CALLS);

  for (let vm = 0; vm < vms; vm++) {
    startedMs[vm] = Math.floor(random() * 1000);
    agenda.add(startedMs[vm]!, vm * CALLS + GOAL_STATE);
    agenda.add(startedMs[vm]!, vm * CALLS + METADATA);
  }
  for (const { atMs, entry } of agenda) play(atMs, entry);
  return {
    vms: Array.from(requests, (count, vm) => ({
      requests: count,
      readyAfterMs: readyAtMs[vm] === 0
        ? undefined
        : readyAtMs[vm]! - startedMs[vm]!,
    })),
    load: meter.load,
    hurried,
  };

  /** A request arrives; what follows from its answer is put on the agenda. */
  function play(atMs: number, entry: number): void {
    const call = entry % CALLS;
    const vm = (entry - call) / CALLS;
    requests[vm]!++;
    tries[entry]!++;
    const fate = fateOf(atMs, vm, call);
    meter.add(atMs, fate);
    const deadlineMs = startedMs[vm]! +
      (call === METADATA ? METADATA_TIMEOUT_MS : TIMEOUT_MS);
    const silent = fate === "lost" && away!.silent;
    const answeredMs = atMs +
      (silent
        ? tryTimeoutMs(tries[entry]!, deadlineMs - atMs, false)
        : ROUND_TRIP_MS);
    if (fate === "served") return end(answeredMs, vm, call);
    const step = nextStep({
      failure: fate === "lost" ? unanswered : throttled,
      tries: tries[entry]!,
      refusals: 0,
      remainingMs: deadlineMs - answeredMs,
      random: sameRandom ?? random(),
    });
    if (step.kind === "retry") {
      if (fate === "throttled" && step.delayMs < (retryAfterMs ?? 0)) hurried++;
      agenda.add(answeredMs + step.delayMs, entry);
    } else if (call === METADATA) {
      // The VM goes without a name.
      end(answeredMs, vm, call);
    }
  }

  function fateOf(atMs: number, vm: number, call: number): RequestFate {
    if (away !== undefined && atMs < away.forMs) return "lost";
    const service = call === METADATA ? services.imds : services.wireserver;
    return service.takes(names[vm]!, atMs) ? "served" : "throttled";
  }

  function end(atMs: number, vm: number, call: number): void {
    const first = vm * CALLS;
    ended[first + call] = 1;
    if (call === REPORT) {
      readyAtMs[vm] = atMs;
    } else if (ended[first + GOAL_STATE] && ended[first + METADATA]) {
      agenda.add(atMs, first + REPORT);
    }
  }
}

/** What is to come, by the millisecond; of one millisecond, what was put in first. */
class Agenda {
  readonly #byMs: (number[] | undefined)[] = [];

  add(atMs: number, entry: number): void {
    (this.#byMs[atMs] ??= []).push(entry);
  }

  /** Takes out what is next, also what is put in meanwhile. */
  *[Symbol.iterator](): Generator<{ atMs: number; entry: number }> {
    for (let atMs = 0; atMs < this.#byMs.length; atMs++) {
      const entries = this.#byMs[atMs];
      if (entries === undefined) continue;
      for (const entry of entries) yield { atMs, entry };
      this.#byMs[atMs] = undefined;
    }
  }
}
