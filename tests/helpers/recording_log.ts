import type { Log } from "../../lib/log/create_log.ts";

/** A log that keeps what was written. */
export interface RecordingLog extends Log {
  /** The lines so far, as `level: message`. */
  readonly lines: string[];
}

/**
 * Creates a log that keeps what is written.
 *
 * @returns The log.
 */
export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  return {
    lines,
    debug: (message) => lines.push(`debug: ${message}`),
    info: (message) => lines.push(`info: ${message}`),
    warn: (message) => lines.push(`warn: ${message}`),
    error: (message) => lines.push(`error: ${message}`),
  };
}
