import type { Card } from "./network_cards.ts";
import type { Reply } from "./reply.ts";
import type { Health } from "./report_check.ts";
import type { Request } from "./request.ts";
import type { ServiceName, Target } from "./targets.ts";

/** What a service answers to a valid request. */
export interface Answer {
  readonly reply: Reply;
  /** What a health report said. */
  readonly health?: Health;
}

/** The rules of one service: no sockets, no faults, no changes of state. */
export interface Api {
  readonly name: ServiceName;
  /** The Server header. */
  readonly server: string;
  /** The most bytes of a request's body. */
  readonly bodyLimit: number;
  /** Which target of faults a request is, if any. */
  targetOf(method: string, target: string): Target | undefined;
  /** Answers a request; throws a Refusal if it is invalid. */
  answer(request: Request, state: PlatformState): Answer;
  /** The service's error page. */
  errorReply(status: number): Reply;
}

/** What the platform knows about its one VM. */
export interface PlatformState {
  /** The number that a health report has to carry. */
  incarnation: number;
  containerId: string;
  instanceId: string;
  /** The computer name in osProfile; without one there is no osProfile. */
  readonly computerName: string;
  /** The name of the VM's resource, compute.name. */
  readonly vmName: string;
  readonly vmId: string;
  /** The user in osProfile; empty if nobody is to log in. */
  readonly adminUsername: string;
  /** The keyData of each of compute.publicKeys. */
  readonly publicKeys: readonly string[];
  readonly disablePasswordAuthentication: boolean;
  /** extended.compute.hasCustomData: whether the provisioning media have custom data. */
  readonly hasCustomData: boolean;
  /** compute.userData, base64. */
  readonly userData: string;
  /** The network cards, the primary one first. */
  readonly cards: readonly Card[];
  /** The VM's tags, by name. */
  readonly tags: Readonly<Record<string, string>>;
  /** extended.compute.ppsType: how the VM was provisioned before it had an owner. */
  readonly ppsType: string;
  /** Values of compute, by their paths with dots, such as "plan.name". */
  readonly fields: Readonly<Record<string, string>>;
  /** Members of compute that are added, or replace others. */
  readonly compute: Readonly<Record<string, unknown>>;
  /** The same for osProfile, if there is one. */
  readonly osProfile: Readonly<Record<string, unknown>>;
}
