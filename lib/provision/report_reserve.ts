import type { CallContext } from "../http/retry.ts";

/** What a report gets, however late it is, in milliseconds. */
const REPORT_RESERVE_MS = 2_250;

/**
 * Gives a report some time of its own: what was done before may have used the run's
 * up, and a report is tried all the same.
 *
 * @param context What calls share.
 * @returns The same, with a deadline that is at least 2.25 seconds away.
 */
export function withReserve(context: CallContext): CallContext {
  const earliest = context.clock.now() + REPORT_RESERVE_MS;
  return { ...context, deadline: Math.max(context.deadline, earliest) };
}
