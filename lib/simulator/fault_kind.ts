import type { Api, PlatformState } from "./api.ts";
import type { Reply } from "./reply.ts";
import type { Outgoing, Steps } from "./steps.ts";
import type { Target } from "./targets.ts";

/** What a kind of fault does, and when. */
export interface FaultKind {
  /** The requests it can be aimed at. A fault of listening affects their services. */
  readonly targets: readonly Target[];
  /** What the number after "=" counts, "none" if there may not be one; tries by default. */
  readonly number?: "none" | "tries" | "seconds";
  /** The service opens after the number of seconds, or never if there is none. */
  readonly listening?: true;
  /** The requests it is played on, by their path and query; all of its targets by default. */
  readonly plays?: (target: string) => boolean;
  /** Values of the VM that replace the true ones. */
  readonly values?: (state: PlatformState) => Partial<PlatformState>;
  /** Makes the answer that replaces the true one. */
  readonly reply?: (context: FaultContext) => Reply;
  /** How the answer goes out, whole by default. */
  readonly delivery?: Delivery;
  /** The answer ends the connection, and is not what was asked for. */
  readonly closes?: true;
  /** What goes out has no status. */
  readonly statusless?: true;
  /** The answer is good in spite of the fault. */
  readonly genuine?: true;
  /** Changes the platform right after the answer. */
  readonly after?: (state: PlatformState, kind: Target) => void;
}

/** A row of the table of faults. */
export interface NamedFault extends FaultKind {
  readonly name: string;
  /** What the platform does, for the help: a few words, without a period. */
  readonly summary: string;
}

/** What a fault makes its answer of. */
export interface FaultContext {
  readonly api: Api;
  readonly state: PlatformState;
  /** The kind of request that is answered. */
  readonly kind: Target;
  /** The true answer, but for the values that the fault replaces. */
  readonly reply: Reply;
}

/** How an answer goes out: not at all, or in steps. */
export type Delivery = "hang" | "reset" | ((answer: Outgoing) => Steps);
