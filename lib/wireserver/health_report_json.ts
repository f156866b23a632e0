import { type Health, reportedDescription } from "./health.ts";

/**
 * Builds the report that the JSON endpoint takes; it needs nothing of the goal state.
 *
 * There is no public description of the endpoint: the form is the one that
 * Microsoft's own azure-init sends.
 *
 * @param health What to say.
 * @returns The JSON, at most 4,096 bytes of UTF-8.
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
