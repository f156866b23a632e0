import type { Clock } from "../clock.ts";
import { escapeUnprintable } from "../escape_unprintable.ts";
import { fileProblem } from "../files/write_atomically.ts";
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
import { removeDraft, removeRecord, writeRecord } from "./write_record.ts";
import { VERSION } from "../version.ts";

/** Options of {@linkcode Recorder}. */
export interface RecorderOptions {
  /** The folder of the record. */
  readonly stateDir: string;
  /** What times are taken from. */
  readonly clock: Clock;
  /** Where it is written that there can be no record. */
  readonly log: Log;
}

/** How a phase went, for those that tell more than that they ended. */
export interface PhaseResult {
  /** How it ended. */
  readonly outcome: PhaseOutcome;
  /** One line about it, without secrets. */
  readonly what?: string;
}

/** Keeps what a run does in memory, and writes it down; a record never fails the run. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedAt = new Date();
  readonly #startedMs: number;
  /** In the order in which they began; the place of one that has not ended is empty. */
  readonly #phases: (Phase | undefined)[] = [];
  readonly #calls: Call[] = [];
  #moreCalls = 0;
  #facts: Pick<RunRecord, "vmId" | "instanceId" | "health"> = {};
  #hasBegun = false;

  /**
   * Constructs a new instance; the run begins now.
   *
   * @param options Where the record will be.
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
   * Writes that a run is under way, which stays if it is cut off; first the caller
   * gets to ask the platform, so that the file is written while the answer is awaited.
   */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    queueMicrotask(() => this.#write({ outcome: "running" }));
  }

  /**
   * Does a phase's work, and keeps how long it took and how it ended.
   *
   * @typeParam T What the work gives.
   * @param name The phase's name.
   * @param work The work.
   * @param tell Says how it went; without it, that it is done.
   * @returns What the work gave.
   * @throws What the work throws.
   */
  async phase<T>(
    name: string,
    work: () => Promise<T> | T,
    tell?: (value: T) => PhaseResult,
  ): Promise<T> {
    const startMs = this.#now();
    const place = this.#phases.push(undefined) - 1;
    let result: PhaseResult = { outcome: "failed" };
    try {
      const value = await work();
      result = tell?.(value) ?? { outcome: "done" };
      return value;
    } catch (error) {
      result = { outcome: "failed", what: asProvisioningError(error).key };
      throw error;
    } finally {
      this.#phases[place] = { name, startMs, endMs: this.#now(), ...result };
    }
  }

  /**
   * Keeps that something was not done.
   *
   * @param name The phase's name.
   * @param what Why not.
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

  /** Keeps a try of a call to the platform. */
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
   * Keeps facts of the run.
   *
   * @param facts Such as whose run it is; those that are undefined say nothing.
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

  /** Takes the record away again, as far as it goes. */
  discard(): void {
    removeRecord(this.#options.stateDir);
  }

  /** Takes away what a run has left that was cut off while it wrote its record. */
  tidyUp(): void {
    removeDraft(this.#options.stateDir);
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
    try {
      writeRecord(stateDir, `${escapeUnprintable(JSON.stringify(record))}\n`);
    } catch (error) {
      log.debug(
        `Cannot write the record "${recordPath(stateDir)}": ${
          fileProblem(error)
        }`,
      );
    }
  }

  #now(): number {
    return round(this.#options.clock.now() - this.#startedMs);
  }
}

/** Tenths of a millisecond are more than anybody can use. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
