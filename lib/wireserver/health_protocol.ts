/**
 * How a health report is sent: as XML, as JSON, or as XML and, where the platform
 * refuses that for good, as JSON.
 */
export type HealthProtocol = "auto" | "xml" | "json";

/** Every {@linkcode HealthProtocol}, the usual one first. */
export const HEALTH_PROTOCOLS: readonly HealthProtocol[] = [
  "auto",
  "xml",
  "json",
];
