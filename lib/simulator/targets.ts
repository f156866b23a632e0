/** The services of the platform; the host's plugin for guest agents is on port 32526. */
export type ServiceName = "wireserver" | "imds" | "host-plugin";

/** The service that answers each target, and what requests those are, for the documentation. */
const ROWS = {
  "goal-state": ["wireserver", "the goal state"],
  config: ["wireserver", "the documents that the goal state refers to"],
  certificates: ["wireserver", "the certificates among them"],
  versions: ["wireserver", "the versions of WireServer's protocol"],
  health: ["wireserver", "the health report as XML"],
  "health-json": ["wireserver", "the health report as JSON"],
  "role-properties": ["wireserver", "the properties that an agent reports"],
  telemetry: ["wireserver", "the telemetry of an agent"],
  "health-service": ["wireserver", "what an agent observes of its services"],
  metadata: ["imds", "the instance metadata, and any part of it"],
  "metadata-other": ["imds", "every other category of IMDS"],
  "vm-settings": ["host-plugin", "the settings on port 32526"],
  "host-plugin": ["host-plugin", "everything else on port 32526"],
} as const satisfies Readonly<Record<string, readonly [ServiceName, string]>>;

/** The kinds of request a fault can be aimed at. */
export type Target = keyof typeof ROWS;

/** The service that answers a target. */
export function serviceOf(target: Target): ServiceName {
  return ROWS[target][0];
}

/** What requests a target stands for: a few words, without a period. */
export function summaryOf(target: Target): string {
  return ROWS[target][1];
}

/** Every target, by service. */
export const TARGETS: readonly Target[] = Object.keys(ROWS) as Target[];

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
