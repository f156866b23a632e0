import { LOG_FORMATS, type LogFormat } from "../log/format_line.ts";

const OPTION = "--log-format";

/**
 * Finds out how a command line that cannot be understood wants its error: whoever
 * reads the log as JSON reads this line, too.
 *
 * @param args The command line.
 * @returns The format that it names, or `undefined` if it names none that there is.
 */
export function wantedLogFormat(
  args: readonly string[],
): LogFormat | undefined {
  const end = args.indexOf("--");
  const before = end === -1 ? args : args.slice(0, end);
  for (const [index, arg] of before.entries()) {
    const value = arg === OPTION
      ? before[index + 1]
      : arg.startsWith(`${OPTION}=`)
      ? arg.slice(OPTION.length + 1)
      : undefined;
    const format = LOG_FORMATS.find((it) => it === value);
    if (format !== undefined) return format;
  }
  return undefined;
}
