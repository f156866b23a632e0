import type { Clock } from "../clock.ts";
import { escapeUnprintable } from "../escape_unprintable.ts";
import { fileProblem } from "../files/file_problem.ts";
import { temporaryPathOf, writeAtomically } from "../files/write_atomically.ts";
import type { Tried } from "../http/retry.ts";
import type { Log } from "../log/create_log.ts";
import { asProvisioningError } from "../provisioning_error.ts";
import {
  type Call,
  MAX_CALLS,
  type Phase,
  type PhaseOutcome,
  recordPath,
  type RunRecord,
} from "./record.ts";
import { VERSION } from "../version.ts";

/** Every user may read how the boot went; the record holds no secrets. */
const RECORD_MODE = 0o644;

/** Options of {@linkcode Recorder}. */
export interface RecorderOptions {
  /** The folder of the record. */
  readonly stateDir: string;
  /** The source of all times. */
  readonly clock: Clock;
  /** Receives a message if the record cannot be written. */
  readonly log: Log;
}

/** How a phase ended. */
export interface PhaseResult {
  /** How it ended. */
  readonly outcome: PhaseOutcome;
  /** What was done, or why it was not: one line without secrets. */
  readonly what?: string;
}

/** Records in memory what a run does, and writes it to disk. A record never fails the run. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedAt = new Date();
  readonly #startedMs: number;
  /** In the order in which they began; `undefined` until a phase ends. */
  readonly #phases: (Phase | undefined)[] = [];
  readonly #calls: Call[] = [];
  #moreCalls = 0;
  #facts: Pick<RunRecord, "vmId" | "instanceId" | "health"> = {};
  #hasBegun = false;

  /**
   * Constructs a new instance; the run begins now.
   *
   * @param options Where the record is written.
   */
  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
  }

  /** The phases that have ended so far, in the order in which they began. */
  get phases(): readonly Phase[] {
    return this.#phases.filter((phase) => phase !== undefined);
  }

  /**
   * Records that a run is under way, which is what remains if it is interrupted. The
   * write is deferred so that the caller can send its requests first.
   */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    queueMicrotask(() => this.#write({ outcome: "running" }));
  }

  /**
   * Does a phase's work, and records how long it took and how it ended.
   *
   * @typeParam T The result of the work.
   * @param name The phase's name.
   * @param describe Describes how it ended; the default is `done`.
   * @returns The result of the work.
   * @throws What the work throws.
   */
  async phase<T>(
    name: string,
    work: () => Promise<T> | T,
    describe?: (value: T) => PhaseResult,
  ): Promise<T> {
    const startMs = this.#now();
    const place = this.#phases.push(undefined) - 1;
    let result: PhaseResult = { outcome: "failed" };
    try {
      const value = await work();
      result = describe?.(value) ?? { outcome: "done" };
      return value;
    } catch (error) {
      result = { outcome: "failed", what: asProvisioningError(error).key };
      throw error;
    } finally {
      this.#phases[place] = { name, startMs, endMs: this.#now(), ...result };
    }
  }

  /**
   * Records that a phase was skipped.
   *
   * @param name The phase's name.
   * @param what Why it was skipped.
   */
  skip(name: string, what: string): void {
    const now = this.#now();
    this.#phases.push({
      name,
      startMs: now,
      endMs: now,
      outcome: "skipped",
      what,
    });
  }

  /** Records an attempt of a call to the platform. */
  readonly onTry = ({ startMs, endMs, ...tried }: Tried): void => {
    if (this.#calls.length === MAX_CALLS) {
      this.#moreCalls++;
      return;
    }
    this.#calls.push({
      ...tried,
      startMs: round(startMs - this.#startedMs),
      endMs: round(endMs - this.#startedMs),
    });
  };

  /**
   * Records facts about the run.
   *
   * @param facts The facts; an undefined one leaves an earlier value as it is.
   */
  note(
    facts: { readonly [Key in "vmId" | "instanceId"]?: string | undefined } & {
      readonly health?: "Ready" | "NotReady";
    },
  ): void {
    for (const [key, value] of Object.entries(facts)) {
      if (value !== undefined) this.#facts = { ...this.#facts, [key]: value };
    }
  }

  /**
   * Writes the record of a run that has ended.
   *
   * @param outcome How it ended.
   * @param error Why it failed.
   */
  end(
    outcome: Exclude<RunRecord["outcome"], "running">,
    error?: unknown,
  ): void {
    const durationMs = this.#now();
    if (outcome !== "failed") return this.#write({ outcome, durationMs });
    const { key, message } = asProvisioningError(error);
    this.#write({ outcome, durationMs, error: { key, message } });
  }

  /** Removes the record, if that is possible. */
  discard(): void {
    removeQuietly(recordPath(this.#options.stateDir));
  }

  /** Removes the temporary file of a run that was interrupted while it wrote its record. */
  tidyUp(): void {
    removeQuietly(temporaryPathOf(recordPath(this.#options.stateDir)));
  }

  #write(
    ending: Pick<RunRecord, "outcome" | "durationMs" | "error">,
  ): void {
    const record: RunRecord = {
      format: 1,
      version: VERSION,
      startedAt: this.#startedAt.toISOString(),
      ...ending,
      ...this.#facts,
      phases: this.phases,
      calls: this.#calls,
      moreCalls: this.#moreCalls,
    };
    const { stateDir, log } = this.#options;
    const path = recordPath(stateDir);
    try {
      writeAtomically(
        path,
        `${escapeUnprintable(JSON.stringify(record))}\n`,
        // A first boot has no time to wait for the disk.
        { mode: RECORD_MODE, sync: false },
      );
    } catch (error) {
      log.debug(`Cannot write the record "${path}": ${fileProblem(error)}`);
    }
  }

  #now(): number {
    return round(this.#options.clock.now() - this.#startedMs);
  }
}

/** Rounds to tenths of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // If it cannot be removed, the next write fails as well, and logs the reason.
  }
}
