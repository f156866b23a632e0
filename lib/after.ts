/** Keeps something from being done later. */
export type Cancel = () => void;

interface Planned {
  readonly atMs: number;
  readonly act: () => void;
}

interface Alarm {
  readonly atMs: number;
  readonly signal: AbortSignal;
}

/** The longest time that every runtime takes, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

const plans = new Set<Planned>();

/** Those that have not rung. They cannot be taken back, so as few as possible are set. */
let alarms: Alarm[] = [];

/** The one that is listened to: only that one keeps the process alive. */
let current: Alarm | undefined;

/**
 * Does something after a time, unless it is cancelled before.
 *
 * `setTimeout` would do the same, but Deno has it in Node's modules since 2.9, and compiles
 * twenty of them from source at the first call: as much work as an empty program. It has
 * `AbortSignal.timeout` at hand, which cannot be cancelled and holds memory until its time
 * is up. So plans share alarms: one that rings too early sets the next.
 *
 * @param ms Milliseconds of the monotonic clock.
 */
export function after(ms: number, act: () => void): Cancel {
  const plan = { atMs: performance.now() + Math.max(0, ms), act };
  plans.add(plan);
  listen();
  return () => {
    if (plans.delete(plan)) listen();
  };
}

/** Listens to the last alarm that rings in time for all plans. */
function listen(): void {
  const now = performance.now();
  const next = Math.min(...[...plans].map(({ atMs }) => atMs));
  const alarm = next === Infinity ? undefined : alarmFor(next, now);
  if (alarm === current) return;
  current?.signal.removeEventListener("abort", ring);
  current = alarm;
  alarm?.signal.addEventListener("abort", ring);
}

function alarmFor(next: number, now: number): Alarm {
  alarms = alarms.filter(({ signal }) => !signal.aborted);
  const early = alarms.filter(({ atMs }) => atMs <= next);
  if (early.length > 0) {
    return early.reduce((a, b) => a.atMs > b.atMs ? a : b);
  }
  const ms = Math.min(Math.ceil(Math.max(0, next - now)), LONGEST_MS);
  const alarm = {
    atMs: Math.min(next, now + ms),
    signal: AbortSignal.timeout(ms),
  };
  alarms.push(alarm);
  return alarm;
}

function ring(): void {
  const now = performance.now();
  const due = [...plans].filter(({ atMs }) => atMs <= now)
    .sort((a, b) => a.atMs - b.atMs);
  for (const plan of due) plans.delete(plan);
  listen();
  for (const { act } of due) act();
}
