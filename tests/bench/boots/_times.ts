import { median } from "../_statistics.ts";

/** When things happened during a boot, in milliseconds since 1970. */
export interface BootMoments {
  /** The init has started. */
  readonly init: number;
  /** The boot has come to sysinit.target; with systemd only. */
  readonly sysinit?: number | undefined;
  /** The boot was over: nothing was left to start. */
  readonly booted: number;
  /** The platform has taken Ready. */
  readonly ready?: number | undefined;
  /** The SSH server listens. */
  readonly sshd?: number | undefined;
}

/** How long a part of a boot took, in milliseconds. */
export interface UnitTime {
  /** The unit's name. */
  readonly unit: string;
  /** From the start of the boot's basic part to the unit's. */
  readonly fromMs: number;
  /** From there to its end. */
  readonly tookMs: number;
}

/** How long a boot took, in milliseconds; what did not happen is `undefined`. */
export interface BootTimes {
  /** From sysinit.target, or the init's start, to Ready. */
  readonly toReady: number | undefined;
  /** From the init's start to Ready. */
  readonly startToReady: number | undefined;
  /** From the init's start to the end of the boot. */
  readonly boot: number;
  /** From the init's start to the SSH server. */
  readonly toSshd: number | undefined;
}

/** Works out how long a boot took. */
export function bootTimes(
  { init, sysinit, booted, ready, sshd }: BootMoments,
): BootTimes {
  return {
    toReady: ready === undefined ? undefined : ready - (sysinit ?? init),
    startToReady: ready === undefined ? undefined : ready - init,
    boot: booted - init,
    toSshd: sshd === undefined ? undefined : sshd - init,
  };
}

/** What systemd says of itself and of some units. */
export interface SystemdTimes {
  /** When it started, in milliseconds since 1970. */
  readonly started: number;
  /** When the boot was over, likewise. */
  readonly finished: number;
  /** When units began to start, by name. */
  readonly began: ReadonlyMap<string, number>;
  /** When units were started, or had ended if they do not stay, by name. */
  readonly ended: ReadonlyMap<string, number>;
}

/**
 * Reads what `systemctl show --timestamp=us+utc` says.
 *
 * @param text The manager's properties first, then each unit's after an empty line.
 * @throws {TypeError} If the boot was not over.
 */
export function parseSystemdTimes(text: string): SystemdTimes {
  const [manager = new Map(), ...units] = text.split(/\n\n+/).map(properties);
  const began = new Map<string, number>();
  const ended = new Map<string, number>();
  for (const unit of units) {
    const name = unit.get("Id");
    const begin = momentOf(unit.get("InactiveExitTimestamp"));
    const end = momentOf(unit.get("ActiveEnterTimestamp")) ??
      momentOf(unit.get("InactiveEnterTimestamp"));
    if (name === undefined || begin === undefined || end === undefined) {
      continue;
    }
    began.set(name, begin);
    ended.set(name, end);
  }
  const started = momentOf(manager.get("UserspaceTimestamp"));
  const finished = momentOf(manager.get("FinishTimestamp"));
  if (started === undefined || finished === undefined) {
    throw new TypeError(`The boot was not over: ${text.slice(0, 200)}`);
  }
  return { started, finished, began, ended };
}

/** Each unit's share of a boot: those whose name has a prefix, in their order. */
export function sharesOf(
  { began, ended }: SystemdTimes,
  prefix: string,
): UnitTime[] {
  const sysinit = ended.get("sysinit.target") ?? 0;
  return [...began].filter(([unit]) => unit.startsWith(prefix))
    .map(([unit, from]) => ({
      unit,
      fromMs: from - sysinit,
      tookMs: ended.get(unit)! - from,
    }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/**
 * Each unit's share of several boots: medians, in the order in which the units began. Those
 * that ran in less than half of the boots are left out.
 */
export function medianUnits(
  boots: readonly (readonly UnitTime[])[],
): UnitTime[] {
  return [...Map.groupBy(boots.flat(), ({ unit }) => unit)]
    .filter(([, times]) => times.length * 2 > boots.length)
    .map(([unit, times]) => ({
      unit,
      fromMs: median(times.map(({ fromMs }) => fromMs)),
      tookMs: median(times.map(({ tookMs }) => tookMs)),
    }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

function properties(text: string): Map<string, string> {
  return new Map(
    text.split("\n").map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  );
}

/** Such as `Mon 2026-11-30 16:46:04.123456 UTC`. */
function momentOf(value: string | undefined): number | undefined {
  const [, day, seconds, fraction] =
    /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d+) UTC$/.exec(value ?? "") ?? [];
  return day === undefined
    ? undefined
    : Date.parse(`${day}T${seconds}Z`) + Number(`0.${fraction}`) * 1000;
}
