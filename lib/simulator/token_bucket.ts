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
