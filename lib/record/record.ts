import type { Phase } from "./phase.ts";

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
