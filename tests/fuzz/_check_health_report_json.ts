import { assert, assertEquals } from "@std/assert";
import { checkJsonReport } from "../../lib/simulator/json_report_check.ts";
import { buildHealthReportJson } from "../../lib/wireserver/health_report.ts";
import type { Health } from "../../lib/wireserver/wireserver.ts";
import { attempt } from "./_attempt.ts";

/** What the platform takes; stated anew, so that the program's own numbers are tried. */
const MAX_BYTES = 4096;
const MAX_CHARACTERS = 512;

/**
 * Builds a report in JSON and reads it with the simulator's check, which shares no
 * code with the builder.
 *
 * @param health What to report.
 */
export function checkHealthReportJson(health: Health): void {
  const outcome = attempt(() => buildHealthReportJson(health));
  assert(outcome.ok);
  const json = outcome.value;
  assert(json.isWellFormed());
  // A line of its own in the journal, and nothing that a line reader takes for two.
  assert([...json].every((it) => it >= " "));
  const bytes = new TextEncoder().encode(json).length;
  assert(bytes <= MAX_BYTES, `the report has ${bytes} bytes`);
  const report = attempt(() => checkJsonReport(json));
  assert(report.ok);
  assertEquals(report.value.state, health.state);
  if (health.state === "Ready") {
    assertEquals(json, '{"state":"Ready"}');
    return;
  }
  const { description, subStatus } = report.value;
  assertEquals(subStatus, "ProvisioningFailed");
  assert(description !== undefined);
  // Half a pair is no character: what is reported is whole ones, from the start.
  assert(description.isWellFormed());
  const wanted = [...health.description.trim()].map((it) =>
    it.isWellFormed() ? it : "\ufffd"
  );
  assertEquals(
    [...description],
    wanted.slice(0, MAX_CHARACTERS),
    "the description is not the start of the text",
  );
}
