import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../lib/cli/usage_error.ts";
import { parseCommandLine } from "../../../lib/cli/parse_command_line.ts";
import { argsOf, type Line, nameOf } from "./_line.ts";

/** A command line, and what the message about it holds. */
export type Refused = readonly [Line, message: string];

/**
 * Registers a test for each command line that is to be refused.
 *
 * @param refused The lines.
 */
export function testRefused(refused: readonly Refused[]): void {
  for (const [line, message] of refused) {
    Deno.test(`parseCommandLine() refuses ${nameOf(line).slice(0, 90)}`, () => {
      const error = assertThrows(
        () => parseCommandLine(argsOf(line)),
        UsageError,
      );
      assertStringIncludes(error.message, message);
      // No nearest name in the table means that none is to be given.
      const withoutHint = message.startsWith("Unknown ") &&
        !message.includes("; did you mean ");
      if (withoutHint) assertEquals(error.message, message);
    });
  }
}
