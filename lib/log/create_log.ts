import { BaseHandler, type LevelName } from "@std/log/base-handler";
import { Logger, type LogRecord } from "@std/log/logger";
import {
  formatLine,
  type LogFormat,
  type LogLevelName,
} from "./format_line.ts";
import { PROGRAM_NAME } from "../version.ts";

/** A log; each message is one line without a line end. */
export interface Log {
  /** Writes a detail for troubleshooting. */
  debug(message: string): void;
  /** Writes what happens. */
  info(message: string): void;
  /** Writes a problem that does not end the work. */
  warn(message: string): void;
  /** Writes a problem that ends the work. */
  error(message: string): void;
}

/** Options of {@linkcode createLog}. */
export interface LogOptions {
  /** The lowest level that is written. */
  readonly level: LogLevelName;
  /** The format of the lines. */
  readonly format: LogFormat;
  /** Whether the lines go to the journal. */
  readonly journal: boolean;
  /** Writes a line, which has a line end. */
  readonly write: (line: string) => void;
}

const LEVEL_NAMES: Readonly<Record<LogLevelName, LevelName>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

/**
 * Creates the program's log, based on `@std/log`.
 *
 * A line that cannot be written is lost, and never ends the run.
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

/** The console handler of `@std/log` writes to standard output, in colour. */
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
