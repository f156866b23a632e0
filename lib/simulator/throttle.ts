/** How many requests a second each service takes. */
export interface ThrottleLimits {
  /** Of one VM, which is an address that the service is reached at. */
  readonly perVm: number;
  /** Of all VMs; as many as come by default. */
  readonly all?: number;
}

/** Counts the requests of one service against the limits. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #vms = new Map<string, TokenBucket>();
  #all: TokenBucket | undefined;

  /** Starts with as many requests as come in a second. */
  constructor(limits: ThrottleLimits) {
    this.#limits = limits;
  }

  /** Tells whether a request is taken at this time; one that is not counts for nothing. */
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

/** Tokens, of which a request takes one; more come with the time. */
export interface TokenBucket {
  readonly tokens: number;
  /** When there were so many. */
  readonly atMs: number;
}

/** A bucket that is full: it holds what comes in a second. */
export function fullBucket(perSecond: number, nowMs: number): TokenBucket {
  return { tokens: perSecond, atMs: nowMs };
}

/** The bucket as it is by now. */
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

/** The bucket without one token, or undefined where there is no whole one. */
export function takeToken(
  { tokens, atMs }: TokenBucket,
): TokenBucket | undefined {
  return tokens < 1 ? undefined : { tokens: tokens - 1, atMs };
}
