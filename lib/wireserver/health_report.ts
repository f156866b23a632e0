import { stringify } from "@std/xml/stringify";
import type { XmlElement } from "@std/xml/types";
import { ExitCode, ProvisioningError } from "../provisioning_error.ts";
import type { GoalState } from "./goal_state.ts";
import { type Health, reportedDescription } from "./wireserver.ts";

/** The longest report that WireServer accepts, in bytes. */
export const MAX_REPORT_BYTES = 4096;

/** Characters that XML 1.0 cannot hold, even escaped (section 2.2). */
const NOT_XML_REGEXP =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const encoder = new TextEncoder();

/**
 * Builds a health report for WireServer: XML of at most 4,096 bytes.
 *
 * What the goal state calls a role instance is a role here. A description that is too long
 * is cut between two characters.
 *
 * @throws {ProvisioningError} If the ids alone are too long for a report.
 */
export function buildHealthReport(
  goalState: GoalState,
  health: Health,
): string {
  if (health.state === "Ready") return checked(build(goalState, health));
  const characters = [...reportedDescription(health.description)];
  // Find the longest description that fits, by halving.
  let fits = 0;
  let tooLong = characters.length + 1;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    const report = build(goalState, withStart(characters, middle));
    if (byteLength(report) <= MAX_REPORT_BYTES) fits = middle;
    else tooLong = middle;
  }
  return checked(build(goalState, withStart(characters, fits)));
}

function withStart(characters: readonly string[], count: number): Health {
  return {
    state: "NotReady",
    description: characters.slice(0, count).join(""),
  };
}

function build(goalState: GoalState, health: Health): string {
  const details = health.state === "Ready" ? [] : [
    element("Details", [
      element("SubStatus", "ProvisioningFailed"),
      element("Description", health.description),
    ]),
  ];
  return stringify(element("Health", [
    element("GoalStateIncarnation", goalState.incarnation),
    element("Container", [
      element("ContainerId", goalState.containerId),
      element("RoleInstanceList", [
        element("Role", [
          element("InstanceId", goalState.instanceId),
          element("Health", [element("State", health.state), ...details]),
        ]),
      ]),
    ]),
  ]));
}

function element(
  local: string,
  content: string | readonly XmlElement[],
): XmlElement {
  return {
    type: "element",
    name: { raw: local, local },
    attributes: {},
    children: typeof content === "string"
      ? [{ type: "text", text: xmlText(content) }]
      : content,
  };
}

function xmlText(text: string): string {
  return text.toWellFormed().replaceAll(NOT_XML_REGEXP, "\ufffd");
}

function checked(report: string): string {
  const bytes = byteLength(report);
  if (bytes > MAX_REPORT_BYTES) {
    throw new ProvisioningError(
      `The health report would be ${bytes} bytes, over the ${MAX_REPORT_BYTES} that WireServer accepts: the goal state's ids are too long`,
      { key: "health_report_too_long", exitCode: ExitCode.badData },
    );
  }
  return report;
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Builds a health report for the JSON endpoint, which needs no goal state: JSON of at most
 * 4,096 bytes.
 *
 * There is no public description of the endpoint. The form is the one that Microsoft's
 * azure-init sends.
 */
export function buildHealthReportJson(health: Health): string {
  return JSON.stringify(
    health.state === "Ready" ? { state: "Ready" } : {
      state: "NotReady",
      details: {
        subStatus: "ProvisioningFailed",
        description: reportedDescription(health.description).toWellFormed(),
      },
    },
  );
}
