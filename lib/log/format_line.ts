import { escapeUnprintable } from "../escape_unprintable.ts";
import { shorten } from "../shorten.ts";

/** The levels of a log line, as `--log-level` names them. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevelName = typeof LOG_LEVELS[number];

/** The formats of log lines, as `--log-format` names them. */
export const LOG_FORMATS = ["text", "json"] as const;

/** One of {@linkcode LOG_FORMATS}. */
export type LogFormat = typeof LOG_FORMATS[number];

/** Options of {@linkcode formatLine}. */
export interface FormatLineOptions {
  /** The format of the line. */
  readonly format: LogFormat;
  /** Whether the journal reads the line, and with it a syslog priority. */
  readonly journal: boolean;
  /** When the message was logged. */
  readonly time: Date;
}

/** Syslog priorities, as prefixes of a line; see sd-daemon(3). */
const PRIORITIES: Readonly<Record<LogLevelName, string>> = {
  debug: "<7>",
  info: "<6>",
  warn: "<4>",
  error: "<3>",
};

const WORDS: Readonly<Record<LogLevelName, string>> = {
  debug: "Debug: ",
  info: "",
  warn: "Warning: ",
  error: "Error: ",
};

/** In characters; long enough for a whole health report. */
const MAX_MESSAGE_LENGTH = 6000;

/**
 * Formats one message as one line, with a line end.
 *
 * Control characters are escaped, so whatever the message quotes, it remains a single
 * line that no terminal takes for a command.
 */
export function formatLine(
  level: LogLevelName,
  message: string,
  options: FormatLineOptions,
): string {
  const words = shorten(message, MAX_MESSAGE_LENGTH).toWellFormed();
  const priority = options.journal ? PRIORITIES[level] : "";
  const text = options.format === "json"
    ? escapeUnprintable(
      JSON.stringify({
        time: options.time.toISOString(),
        level,
        message: words,
      }),
    )
    : WORDS[level] + escapeUnprintable(words);
  return `${priority}${text}\n`;
}
