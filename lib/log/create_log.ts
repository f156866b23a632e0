import { BaseHandler, type LevelName } from "@std/log/base-handler";
import { Logger, type LogRecord } from "@std/log/logger";
import {
  formatLine,
  type LogFormat,
  type LogLevelName,
} from "./format_line.ts";
import { PROGRAM_NAME } from "../version.ts";

/** Options of {@linkcode createLog}. */
export interface LogOptions {
  /** The lowest level that is written. */
  readonly level: LogLevelName;
  /** How lines look. */
  readonly format: LogFormat;
  /** Whether the journal reads them. */
  readonly journal: boolean;
  /** Takes each line, with its line end. */
  readonly write: (line: string) => void;
}

const LEVEL_NAMES: Readonly<Record<LogLevelName, LevelName>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

/**
 * Creates the program's log, over `@std/log`.
 *
 * A line that cannot be written is lost; it never ends the run.
 *
 * @param options What is written, how and where.
 * @returns The log.
 */
export function createLog(options: LogOptions): Log {
  const levelName = LEVEL_NAMES[options.level];
  const handler = new LineHandler(levelName, {
    formatter: (record) =>
      formatLine(levelOf(record), record.msg, {
        format: options.format,
        journal: options.journal,
        time: record.datetime,
      }),
  });
  handler.write = options.write;
  return new Logger(PROGRAM_NAME, levelName, { handlers: [handler] });
}

/** `@std/log`'s own console handler writes to standard output, and in colour. */
class LineHandler extends BaseHandler {
  write: (line: string) => void = () => {};

  override log(line: string): void {
    try {
      this.write(line);
    } catch {
      // A closed pipe or a full disk must not keep a VM from reporting ready.
    }
  }
}

function levelOf(record: LogRecord): LogLevelName {
  switch (record.levelName) {
    case "DEBUG":
      return "debug";
    case "WARN":
      return "warn";
    case "ERROR":
    case "CRITICAL":
      return "error";
    default:
      return "info";
  }
}

/** Where messages go; they are one line each, without a line end. */
export interface Log {
  /** For whoever looks for a fault. */
  debug(message: string): void;
  /** What happens. */
  info(message: string): void;
  /** What is not as it should be, but does not end the work. */
  warn(message: string): void;
  /** What ends the work. */
  error(message: string): void;
}
