import { isAnswer } from "../http/failure.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { messageOf, ProvisioningError } from "../provisioning_error.ts";
import type { GoalState } from "./goal_state.ts";
import { reportByJson } from "./report_by_json.ts";
import { reportByXml } from "./report_by_xml.ts";
import type { Health, HealthProtocol, WireServer } from "./wireserver.ts";

/** Options of {@linkcode reportHealth}. */
export interface ReportHealthOptions {
  /** What to report. */
  readonly health: Health;
  /** The goal state's ids; without them, only JSON can be sent. */
  readonly goalState: GoalState | undefined;
  /** How to send it. */
  readonly protocol: HealthProtocol;
  /**
   * Whether a newer goal state is fetched when the platform says that this one is
   * out of date (410).
   *
   * @default {true}
   */
  readonly refresh?: boolean | undefined;
}

/** What JSON gets after XML has used up the time, in milliseconds. */
export const SECOND_PROTOCOL_MS = 500;

/**
 * Reports the VM's health; only a 2xx answer is a success.
 *
 * Where both ways may be used, XML goes first: all platforms have it. JSON follows
 * where the platform is there, but never took the report.
 *
 * @param wireserver The server.
 * @param options What to report, and how.
 * @param context Until when to try; JSON after XML may take
 * {@linkcode SECOND_PROTOCOL_MS} more.
 * @returns The goal state that the report was built from, or would have been.
 * @throws {CallError} If no report was accepted in time.
 * @throws {ProvisioningError} If the ids are too long for a report.
 */
export async function reportHealth(
  wireserver: WireServer,
  options: ReportHealthOptions,
  context: CallContext,
): Promise<GoalState | undefined> {
  const { health, goalState, protocol, refresh = true } = options;
  if (goalState === undefined || protocol === "json") {
    const optional = protocol !== "json";
    await reportByJson(wireserver, { health, optional }, context);
    return goalState;
  }
  try {
    return await reportByXml(
      wireserver,
      { health, goalState, refresh },
      context,
    );
  } catch (error) {
    context.signal?.throwIfAborted();
    if (protocol === "xml" || !mayBeTakenAsJson(error, refresh)) throw error;
    context.log.warn(`${messageOf(error)}; reporting it as JSON`);
    try {
      await reportByJson(wireserver, { health, optional: true }, {
        ...context,
        deadline: Math.max(
          context.deadline,
          context.clock.now() + SECOND_PROTOCOL_MS,
        ),
      });
      return goalState;
    } catch (second) {
      context.signal?.throwIfAborted();
      context.log.warn(messageOf(second));
      throw error;
    }
  }
}

/**
 * A report that something heard and did not like, as JSON carries no ids to dislike;
 * or that nothing heard, where the goal state came from a platform that was there.
 */
function mayBeTakenAsJson(error: unknown, isFetched: boolean): boolean {
  if (error instanceof CallError) {
    const { failure } = error;
    return isAnswer(failure)
      ? failure.kind !== "final"
      : failure.kind === "network" && isFetched;
  }
  return error instanceof ProvisioningError &&
    error.key === "health_report_too_long";
}
