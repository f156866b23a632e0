import type { Reply } from "./reply.ts";
import type { Health } from "./report_check.ts";
import type { Request } from "./request.ts";

/** What a service has to say to a request that is in order. */
export interface Answer {
  readonly reply: Reply;
  /** What the request reported, for a health report. */
  readonly health?: Health;
}

/** One service of the platform, as rules: no sockets, no faults, nothing changes. */
export interface Api {
  readonly name: ServiceName;
  /** The Server header. */
  readonly server: string;
  /** The target of faults that a request is, if any. */
  targetOf(method: string, target: string): Target | undefined;
  /** Answers a request; throws a Refusal when it is not in order. */
  answer(request: Request, state: PlatformState): Answer;
  /** The service's error page. */
  errorReply(status: number): Reply;
}

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

/** What the platform knows about its one VM. */
export interface PlatformState {
  /** The number a health report has to carry to be accepted. */
  incarnation: number;
  containerId: string;
  instanceId: string;
  /** The computer name in osProfile; empty means that there is no osProfile. */
  readonly computerName: string;
  /** The resource's name, compute.name. */
  readonly vmName: string;
  readonly vmId: string;
  /** The user in osProfile; empty where nobody is to log in. */
  readonly adminUsername: string;
  /** The keyData of each of compute.publicKeys. */
  readonly publicKeys: readonly string[];
  readonly disablePasswordAuthentication: boolean;
  /** compute.userData, base64. */
  readonly userData: string;
  /** More members of compute in the metadata, or other values for them. */
  readonly compute?: Readonly<Record<string, unknown>>;
  /** More members of osProfile, where there is one. */
  readonly osProfile?: Readonly<Record<string, unknown>>;
}
