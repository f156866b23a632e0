import type { Options } from "./options.ts";
import { writeLogLine } from "./output.ts";
import { createLog, type Log } from "../log/create_log.ts";
import { LOG_FORMATS, type LogFormat } from "../log/format_line.ts";

/** Creates the program's log, which goes to standard error. */
export function createProgramLog(
  { logLevel, logFormat }: Readonly<Pick<Options, "logLevel" | "logFormat">>,
): Log {
  return createLog({
    level: logLevel,
    format: logFormat,
    journal: isJournal(),
    write: writeLogLine,
  });
}

/**
 * Checks whether standard error goes to the journal. A program started by a service
 * inherits the variable, but not always the stream that it names; see systemd.exec(5).
 */
function isJournal(): boolean {
  let stream: string | undefined;
  try {
    stream = Deno.env.get("JOURNAL_STREAM");
    if (stream === undefined || Deno.stderr.isTerminal()) return false;
    const { dev, ino } = Deno.statSync("/proc/self/fd/2");
    return stream === `${dev}:${ino}`;
  } catch {
    // Without /proc, there is only the variable to go by; since 2.9, Deno lets nobody look there.
    return stream !== undefined;
  }
}

const OPTION = "--log-format";

/**
 * Finds the log format in a command line that is wrong, so that a program that reads the
 * log as JSON can read the usage error as well.
 *
 * @returns The format, or `undefined` if the command line names no known one.
 */
export function logFormatIn(args: readonly string[]): LogFormat | undefined {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  for (const [index, arg] of options.entries()) {
    const value = arg === OPTION
      ? options[index + 1]
      : arg.startsWith(`${OPTION}=`)
      ? arg.slice(OPTION.length + 1)
      : undefined;
    const format = LOG_FORMATS.find((it) => it === value);
    if (format !== undefined) return format;
  }
  return undefined;
}
