import { escapeUnprintable } from "../escape_unprintable.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";

/**
 * Writes lines to standard output, each escaped by {@linkcode escapeUnprintable}.
 *
 * @param text The lines, with their line ends.
 * @throws {ProvisioningError} If they cannot be written.
 */
export function print(text: string): void {
  write(text.split("\n").map(escapeUnprintable).join("\n"));
}

/**
 * Writes data to standard output as it is, or escaped as by {@linkcode print} if standard
 * output is a terminal.
 *
 * @throws {ProvisioningError} If it cannot be written.
 */
export function printData(text: string): void {
  if (Deno.stdout.isTerminal()) print(text);
  else write(text);
}

/** Returns the columns of the terminal that standard output is, if it is one. */
export function terminalColumns(): number | undefined {
  if (!Deno.stdout.isTerminal()) return undefined;
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined;
  }
}

/**
 * Writes a line of the log to standard error.
 *
 * @param line The line, with its line end.
 * @throws {Error} If it cannot be written.
 */
export function writeLogLine(line: string): void {
  writeAllSync(Deno.stderr, line);
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

function writeAllSync(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}
