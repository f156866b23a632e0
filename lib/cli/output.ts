import { escapeUnprintable } from "../escape_unprintable.ts";
import { LOG_FORMATS, type LogFormat } from "../log/format_line.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";

/**
 * Writes lines to standard output, all of them, made safe by
 * {@linkcode escapeUnprintable}.
 *
 * @param text The lines, with their line ends.
 * @throws {ProvisioningError} If they cannot be written.
 */
export function print(text: string): void {
  write(text.split("\n").map(escapeUnprintable).join("\n"));
}

/**
 * Writes data to standard output, all of it, as it is; made safe as by
 * {@linkcode print} where a terminal shows it.
 *
 * @param text The data.
 * @throws {ProvisioningError} If it cannot be written.
 */
export function printData(text: string): void {
  if (Deno.stdout.isTerminal()) print(text);
  else write(text);
}

function write(text: string): void {
  try {
    writeAllSync(Deno.stdout, text);
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write to standard output: ${messageOf(error)}`,
      { key: "output_failed", exitCode: ExitCode.io },
    );
  }
}

/**
 * Writes a log line to standard error.
 *
 * @param line The line, with its line end.
 * @throws {Error} If it cannot be written.
 */
export function writeLogLine(line: string): void {
  writeAllSync(Deno.stderr, line);
}

function writeAllSync(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

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
