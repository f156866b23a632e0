import { escapeUnprintable } from "../escape_unprintable.ts";
import { shorten } from "../shorten.ts";

/** The levels of a log line, as `--log-level` names them. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevelName = typeof LOG_LEVELS[number];

/** How log lines look, as `--log-format` names it. */
export const LOG_FORMATS = ["text", "json"] as const;

/** One of {@linkcode LOG_FORMATS}. */
export type LogFormat = typeof LOG_FORMATS[number];

/** Options of {@linkcode formatLine}. */
export interface FormatLineOptions {
  /** How the line looks. */
  readonly format: LogFormat;
  /** Whether the journal reads the line, and so its syslog priority. */
  readonly journal: boolean;
  /** When the message was written. */
  readonly time: Date;
}

/** Syslog priorities, as sd-daemon(3) takes them in front of a line. */
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

/** In characters; a whole health report fits. */
const MAX_MESSAGE_LENGTH = 6000;

/**
 * Writes one message as one line.
 *
 * Whatever the message quotes, the line stays a single line that no terminal
 * takes for a command: control characters are escaped.
 *
 * @param level The message's level.
 * @param message The message.
 * @param options How the line looks.
 * @returns The line, with its line end.
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
