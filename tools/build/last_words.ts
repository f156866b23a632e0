import { escapeUnprintable } from "../../lib/escape_unprintable.ts";

/**
 * Runs the compiled program, and ends the process with its exit status. An error that
 * nothing caught is one line: the runtime would print it in colour, even where standard
 * error is no terminal.
 */
export async function endWith(run: () => Promise<number>): Promise<never> {
  addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  try {
    Deno.exit(await run());
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  const text = error instanceof Error && error.stack || `${error}`;
  console.error(escapeUnprintable(`Error: Internal error: ${text}`));
  Deno.exit(70);
}
