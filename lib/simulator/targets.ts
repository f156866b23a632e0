/** The services of the platform; the host's plugin for guest agents is on port 32526. */
export type ServiceName = "wireserver" | "imds" | "host-plugin";

/** The service that answers each target. */
const SERVICES = {
  "goal-state": "wireserver",
  config: "wireserver",
  certificates: "wireserver",
  versions: "wireserver",
  health: "wireserver",
  "health-json": "wireserver",
  "role-properties": "wireserver",
  telemetry: "wireserver",
  "health-service": "wireserver",
  metadata: "imds",
  "metadata-other": "imds",
  "vm-settings": "host-plugin",
  "host-plugin": "host-plugin",
} as const satisfies Readonly<Record<string, ServiceName>>;

/**
 * The kinds of request a fault can be aimed at.
 *
 * "config" is what the goal state refers to but the certificates, "health" is the report in
 * XML, "metadata-other" is all of IMDS but the instance, and "host-plugin" all of port 32526
 * but vmSettings.
 */
export type Target = keyof typeof SERVICES;

/** The service that answers each target. */
export const SERVICE_OF: Readonly<Record<Target, ServiceName>> = SERVICES;

/** Every target, by service. */
export const TARGETS: readonly Target[] = Object.keys(SERVICES) as Target[];

/** The targets whose answers have a body. */
export const WITH_BODY: readonly Target[] = TARGETS.filter((target) =>
  ![
    "health",
    "health-json",
    "role-properties",
    "telemetry",
    "health-service",
  ].includes(target)
);

/** The targets whose answers hold the VM's names and ids, with the values that faults replace. */
export const WITH_VALUES: readonly Target[] = ["goal-state", "metadata"];

/** Whether a text names a target. */
export function isTarget(text: string): text is Target {
  return TARGETS.some((target) => target === text);
}
