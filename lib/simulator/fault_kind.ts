import type { Api, PlatformState, Target } from "./api.ts";
import type { Reply } from "./reply.ts";
import type { Outgoing, Steps } from "./steps.ts";

/** How an answer goes out: not at all, or in steps. */
export type Delivery = "hang" | "reset" | ((answer: Outgoing) => Steps);

/** What a fault makes its answer of. */
export interface FaultContext {
  readonly api: Api;
  readonly state: PlatformState;
  /** The kind of request that is answered. */
  readonly kind: Target;
  /** The true answer, but for the values that the fault replaces. */
  readonly reply: Reply;
}

/** What a kind of fault does, and when. */
export interface FaultKind {
  /** The requests it makes sense for; a fault of listening is about their services. */
  readonly targets: readonly Target[];
  /** What the number after "=" counts, "none" when there may not be one. */
  readonly number: "none" | "tries" | "seconds";
  /** A fault of listening: the service opens after the number of seconds, or never without one. */
  readonly listening?: true;
  /** The requests it is played on, all of its targets by default. */
  readonly plays?: (target: string) => boolean;
  /** What the platform says of the VM in place of what it knows. */
  readonly values?: (state: PlatformState) => Partial<PlatformState>;
  /** The answer in place of the true one. */
  readonly reply?: (context: FaultContext) => Reply;
  /** How the answer goes out, whole by default. */
  readonly delivery?: Delivery;
  /** The connection does not outlast the answer, and the answer is not what was asked for. */
  readonly closes?: true;
  /** What goes out has no status. */
  readonly statusless?: true;
  /** The answer is good all the same. */
  readonly genuine?: true;
  /** What changes on the platform right after the answer. */
  readonly after?: (state: PlatformState, kind: Target) => void;
}

/** The targets whose answers have a body. */
export const WITH_BODY: readonly Target[] = ["goal-state", "metadata"];
