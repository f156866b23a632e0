import { assert } from "@std/assert";
import { type Mark, parseMark } from "../../lib/state/mark.ts";
import { attempt } from "./_attempt.ts";

/**
 * Reads a text as a mark, and checks what comes of it.
 *
 * @param text Any text.
 * @returns The mark, if it is one.
 */
export function checkMark(text: string): Mark | undefined {
  const outcome = attempt(() => parseMark(text));
  assert(outcome.ok);
  const mark = outcome.value;
  for (const [key, value] of Object.entries(mark ?? {})) {
    assert(["vmId", "instanceId", "at", "version"].includes(key), key);
    assert(typeof value === "string");
  }
  return mark;
}
