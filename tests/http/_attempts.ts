import type { CallFailure, TryResult } from "../../lib/http/failure.ts";

/** What a call is called. */
export const CALL = { what: "get it", key: "it_unavailable" };

/** A try that failed. */
export function failed(failure: CallFailure): TryResult<string> {
  return { ok: false, failure };
}

/** A try that nobody answered. */
export const REFUSED = failed({ kind: "network", message: "refused" });

/** Gives these results, and the last one for ever. */
export function attempts(
  ...results: readonly TryResult<string>[]
): () => Promise<TryResult<string>> {
  let index = 0;
  return () => Promise.resolve(results[index++] ?? results.at(-1)!);
}
