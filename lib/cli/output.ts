import { ExitCode } from "../exit_code.ts";
import { messageOf, ProvisioningError } from "../provisioning_error.ts";

/**
 * Writes data to standard output, all of it.
 *
 * @param text The text.
 * @throws {ProvisioningError} If it cannot be written.
 */
export function print(text: string): void {
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
