/** What a run did and how it ended; stored in `status.json` of the state directory. */
export interface RunRecord {
  /** The format of the record. */
  readonly format: 1;
  /** The version of the program that wrote the record. */
  readonly version: string;
  /** How the run ended; `running` remains if it was interrupted. */
  readonly outcome:
    | "running"
    | "provisioned"
    | "failed"
    | "stopped"
    | "not on Azure";
  /** When the run began, as an ISO 8601 date. */
  readonly startedAt: string;
  /** How long the run took, in milliseconds. */
  readonly durationMs?: number;
  /** The VM's id. */
  readonly vmId?: string;
  /** The goal state's role instance. */
  readonly instanceId?: string;
  /** The health report that the platform accepted. */
  readonly health?: "Ready" | "NotReady";
  /** Why the run failed. */
  readonly error?: { readonly key: string; readonly message: string };
  /** What was done, in the order in which it began. */
  readonly phases: readonly Phase[];
  /** The first {@linkcode MAX_CALLS} calls to the platform. */
  readonly calls: readonly Call[];
  /** How many calls there were after those. */
  readonly moreCalls: number;
}

/** How many calls a record keeps; a run of twenty minutes may make hundreds. */
export const MAX_CALLS = 200;

/** One step of a run. */
export interface Phase {
  /** Its name, such as `goal-state`, or the name of a part. */
  readonly name: string;
  /** When it began, in milliseconds since the run began. */
  readonly startMs: number;
  /** When it ended, in milliseconds since the run began. */
  readonly endMs: number;
  /** How it ended. */
  readonly outcome: PhaseOutcome;
  /** What was done, or why it was not: one line without secrets. */
  readonly what?: string;
}

/** How a phase of a run ended. */
export type PhaseOutcome = "done" | "skipped" | "warned" | "failed";

/** One attempt of a call to the platform. */
export interface Call {
  /** The request, such as `get the goal state from 168.63.129.16:80`. */
  readonly what: string;
  /** The number of the attempt, from 1. */
  readonly tries: number;
  /** When it was sent, in milliseconds since the run began. */
  readonly startMs: number;
  /** When it was answered or given up, in milliseconds since the run began. */
  readonly endMs: number;
  /** Whether the answer was usable. */
  readonly ok: boolean;
  /** The HTTP status of the answer, if there was one. */
  readonly status?: number;
  /** Why the answer was not usable. */
  readonly why?: string;
}

/** The path of the record. */
export function recordPath(stateDir: string): string {
  return `${stateDir}/status.json`;
}
