import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { checkReport } from "../../lib/simulator/report_check.ts";
import type { GoalState } from "../../lib/wireserver/goal_state.ts";
import { buildHealthReport } from "../../lib/wireserver/health_report.ts";
import type { Health } from "../../lib/wireserver/wireserver.ts";
import { attempt } from "./_attempt.ts";
import { checkMessage } from "./_printable.ts";

/** What WireServer takes, in bytes; stated anew, so that the program's own number is tried. */
const MAX_BYTES = 4096;

/**
 * Builds a report and reads it with the simulator's parser, which shares no code
 * with the builder.
 *
 * @param goalState Ids of a goal state that was accepted.
 * @param health What to report.
 */
export function checkHealthReport(goalState: GoalState, health: Health): void {
  // The simulator takes nothing but a number for an incarnation; whatever the
  // goal state has there is tried in the place of an id as well.
  const isNumber = /^[0-9]+$/.test(goalState.incarnation);
  checkOne(isNumber ? goalState : { ...goalState, incarnation: "1" }, health);
  if (!isNumber) {
    checkOne({
      incarnation: "1",
      containerId: goalState.incarnation,
      instanceId: goalState.instanceId,
    }, health);
  }
}

function checkOne(goalState: GoalState, health: Health): void {
  const outcome = attempt(
    () => buildHealthReport(goalState, health),
    ProvisioningError,
  );
  const { incarnation, containerId, instanceId } = goalState;
  if (!outcome.ok) {
    assertInstanceOf(outcome.error, ProvisioningError);
    assertEquals(outcome.error.key, "health_report_too_long");
    checkMessage(outcome.error.message);
    // Escaped, a character takes six bytes at most; the elements take less than 700.
    const ids = incarnation + containerId + instanceId;
    assert(ids.length * 6 + 700 > MAX_BYTES, "short ids were refused");
    return;
  }
  const xml = outcome.value;
  const bytes = new TextEncoder().encode(xml).length;
  assert(bytes <= MAX_BYTES, `the report has ${bytes} bytes`);
  const report = attempt(() => checkReport(xml));
  assert(report.ok);
  assertEquals(report.value.incarnation, incarnation);
  assertEquals(report.value.containerId, containerId);
  assertEquals(report.value.instanceId, instanceId);
  assertEquals(report.value.health.state, health.state);
  if (health.state === "NotReady") {
    const { description, subStatus } = report.value.health;
    assertEquals(subStatus, "ProvisioningFailed");
    assert(description !== undefined && [...description].length <= 512);
  }
}
