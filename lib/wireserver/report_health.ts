import { isAnswer } from "../http/failure.ts";
import { type CallContext, CallError } from "../http/retry.ts";
import { messageOf, ProvisioningError } from "../provisioning_error.ts";
import type { GoalState } from "./goal_state.ts";
import { reportByJson } from "./report_by_json.ts";
import { reportByXml } from "./report_by_xml.ts";
import type { Health, HealthProtocol, WireServer } from "./wireserver.ts";

/** Options of {@linkcode reportHealth}. */
export interface ReportHealthOptions {
  readonly health: Health;
  /** The ids that XML needs. Without them, the report is sent as JSON. */
  readonly goalState: GoalState | undefined;
  readonly protocol: HealthProtocol;
  /**
   * Whether to fetch the goal state again if the platform says that it is out of date
   * (410).
   *
   * @default {true}
   */
  readonly refresh?: boolean | undefined;
}

/** The time for JSON after XML has used up the rest, in milliseconds. */
export const SECOND_PROTOCOL_MS = 500;

/**
 * Reports the VM's health. Only a 2xx answer is a success.
 *
 * If both protocols may be used, XML goes first: every platform has it. JSON follows if the
 * platform is there but has not accepted the report.
 *
 * @param context JSON after XML may exceed the deadline by {@linkcode SECOND_PROTOCOL_MS}.
 * @returns The goal state that an XML report was built from, or the one that was given.
 * @throws {CallError} If no report is accepted in time.
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
 * JSON may succeed if the report was refused, since it has no ids that could be wrong. It
 * may also succeed after silence, if the goal state came from this platform.
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
