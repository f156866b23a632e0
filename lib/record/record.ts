/** One try of a call to the platform. */
export interface Call {
  /** What was asked, such as `get the goal state from 168.63.129.16:80`. */
  readonly what: string;
  /** Which try it was, from 1. */
  readonly tries: number;
  /** When it was sent, in milliseconds since the run began. */
  readonly startMs: number;
  /** When the answer was there, or given up on, likewise. */
  readonly endMs: number;
  /** Whether the answer was of use. */
  readonly ok: boolean;
  /** The answer's HTTP status, if there was one. */
  readonly status?: number;
  /** Why the answer was of no use. */
  readonly why?: string;
}

/** What a run was about, and how it went; the file `report.json` of the state directory. */
export interface RunRecord {
  /** The form of the record. */
  readonly format: 1;
  /** The program's version. */
  readonly version: string;
  /** How the run ended: `running` is what stays of one that was cut off. */
  readonly outcome:
    | "running"
    | "provisioned"
    | "failed"
    | "stopped"
    | "not on Azure";
  /** When the run began, as an ISO 8601 date. */
  readonly startedAt: string;
  /** How long it took, in milliseconds. */
  readonly durationMs?: number;
  /** The VM's id. */
  readonly vmId?: string;
  /** The goal state's role instance. */
  readonly instanceId?: string;
  /** What the platform was told, and took. */
  readonly health?: "Ready" | "NotReady";
  /** Why the run failed. */
  readonly error?: { readonly key: string; readonly message: string };
  /** What was done, in the order in which it began. */
  readonly phases: readonly Phase[];
  /** What the platform was asked, the first {@linkcode MAX_CALLS}. */
  readonly calls: readonly Call[];
  /** How many calls there were after those. */
  readonly moreCalls: number;
}

/** As many calls as a record keeps; a run of twenty minutes may make hundreds. */
export const MAX_CALLS = 200;

/**
 * The file that holds the record.
 *
 * @param stateDir The state directory.
 * @returns Its path.
 */
export function recordPath(stateDir: string): string {
  return `${stateDir}/report.json`;
}

/** How a phase of a run ended. */
export type PhaseOutcome = "done" | "skipped" | "warned" | "failed";

/** One step of a run, in the order in which the steps began. */
export interface Phase {
  /** What it is, such as `goal-state`, or the name of a part. */
  readonly name: string;
  /** When it began, in milliseconds since the run did. */
  readonly startMs: number;
  /** When it ended, likewise. */
  readonly endMs: number;
  /** How it ended. */
  readonly outcome: PhaseOutcome;
  /** One line about it, without secrets: what was done, or why it was not. */
  readonly what?: string;
}
