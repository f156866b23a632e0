/** The two services of the platform. */
export type ServiceName = "wireserver" | "imds";

/** The kinds of request a fault can be aimed at; "health" is the report in XML. */
export type Target = "goal-state" | "health" | "health-json" | "metadata";

/** Every target, and the service that answers it. */
export const SERVICE_OF: Readonly<Record<Target, ServiceName>> = {
  "goal-state": "wireserver",
  health: "wireserver",
  "health-json": "wireserver",
  metadata: "imds",
};

/** Every target, one service after the other. */
export const TARGETS: readonly Target[] = [
  "goal-state",
  "health",
  "health-json",
  "metadata",
];

/** Tells whether a text names a target. */
export function isTarget(text: string): text is Target {
  return TARGETS.some((target) => target === text);
}
