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
