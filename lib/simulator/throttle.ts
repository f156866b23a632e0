/** How many requests a second each service takes. */
export interface ThrottleLimits {
  /** From one VM, which is an address at which the service is reached. */
  readonly perVm: number;
  /** From all VMs; no limit by default. */
  readonly all?: number;
}

/** Limits the requests to one service. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #vms = new Map<string, TokenBucket>();
  #all: TokenBucket | undefined;

  /** At the start, as many requests are allowed as in a second. */
  constructor(limits: ThrottleLimits) {
    this.#limits = limits;
  }

  /** Whether a request is within the limits. If not, it does not count. */
  takes(vm: string, nowMs: number): boolean {
    const { perVm, all = Infinity } = this.#limits;
    const ofVm = takeToken(now(this.#vms.get(vm), perVm, nowMs));
    if (ofVm === undefined) return false;
    if (all !== Infinity) {
      const ofAll = takeToken(now(this.#all, all, nowMs));
      if (ofAll === undefined) return false;
      this.#all = ofAll;
    }
    this.#vms.set(vm, ofVm);
    return true;
  }
}

function now(
  bucket: TokenBucket | undefined,
  perSecond: number,
  nowMs: number,
): TokenBucket {
  return bucket === undefined
    ? fullBucket(perSecond, nowMs)
    : refill(bucket, perSecond, nowMs);
}

/** Tokens, of which each request takes one. Time brings more. */
export interface TokenBucket {
  readonly tokens: number;
  /** When there were that many. */
  readonly atMs: number;
}

/** A full bucket, which holds the tokens of a second. */
export function fullBucket(perSecond: number, nowMs: number): TokenBucket {
  return { tokens: perSecond, atMs: nowMs };
}

/** The bucket with the tokens that have come since. */
export function refill(
  { tokens, atMs }: TokenBucket,
  perSecond: number,
  nowMs: number,
): TokenBucket {
  const come = Math.max(0, nowMs - atMs) * perSecond / 1000;
  return {
    tokens: Math.min(perSecond, tokens + come),
    atMs: Math.max(atMs, nowMs),
  };
}

/** The bucket without one token; undefined if it has no whole one. */
export function takeToken(
  { tokens, atMs }: TokenBucket,
): TokenBucket | undefined {
  return tokens < 1 ? undefined : { tokens: tokens - 1, atMs };
}
