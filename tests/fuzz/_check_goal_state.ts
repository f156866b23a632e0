import { assert } from "@std/assert";
import {
  type GoalState,
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "../../lib/wireserver/goal_state.ts";
import { attemptWith } from "./_attempt.ts";
import { checkHealthReport } from "./_check_health_report.ts";
import { checkMessage, isPrintable } from "./_printable.ts";

/**
 * Reads a text as a goal state, and checks what comes of it, reports included.
 *
 * @param xml Any text.
 * @returns The ids, or `undefined` if the text was refused.
 */
export function checkGoalState(xml: string): GoalState | undefined {
  const outcome = attemptWith(
    xml.length,
    () => parseGoalState(xml),
    GoalStateError,
  );
  if (!outcome.ok) {
    checkMessage(outcome.error.message);
    return undefined;
  }
  const goalState = outcome.value;
  const { incarnation, containerId, instanceId } = goalState;
  for (const id of [incarnation, containerId, instanceId]) {
    assert(id !== "" && id.trim() === id, `"${id}" is blank`);
    assert(id.length <= MAX_GOAL_STATE_BYTES, "an id is without end");
    assert(isPrintable(id), `${JSON.stringify(id)} cannot be printed`);
  }
  checkHealthReport(goalState, { state: "Ready" });
  checkHealthReport(goalState, { state: "NotReady", description: xml });
  return goalState;
}
