import { assert, assertEquals } from "@std/assert";
import {
  formatLine,
  LOG_FORMATS,
  LOG_LEVELS,
} from "../../lib/log/format_line.ts";
import { attempt } from "./_attempt.ts";
import { isPrintable } from "./_printable.ts";

const TIME = new Date("2026-01-02T03:04:05.678Z");
const WORDS = {
  debug: "Debug: ",
  info: "",
  warn: "Warning: ",
  error: "Error: ",
};
const PRIORITIES = { debug: "<7>", info: "<6>", warn: "<4>", error: "<3>" };

/** A message's characters, and three dots. */
const MAX_MESSAGE = 6003;

/**
 * Writes a message at every level and in every format, and checks the lines.
 *
 * @param message Any text.
 */
export function checkLine(message: string): void {
  for (const level of LOG_LEVELS) {
    for (const format of LOG_FORMATS) {
      const options = { format, time: TIME } as const;
      const outcome = attempt(() =>
        formatLine(level, message, { ...options, journal: false })
      );
      assert(outcome.ok);
      const line = outcome.value;
      assert(line.endsWith("\n"));
      assert(
        isPrintable(line.slice(0, -1)),
        `${JSON.stringify(line)} cannot be printed`,
      );
      // Six characters are the longest escape of one.
      assert(line.length < MAX_MESSAGE * 6 + 100);
      assertEquals(
        formatLine(level, message, { ...options, journal: true }),
        PRIORITIES[level] + line,
      );
      if (format === "json") {
        const parsed = JSON.parse(line);
        assertEquals(Object.keys(parsed), ["time", "level", "message"]);
        assertEquals(parsed.level, level);
        if (message.length <= 6000) {
          assertEquals(parsed.message, message.toWellFormed());
        }
      } else {
        assert(line.startsWith(WORDS[level]));
        assert(!/##(?:vso)?\[|^ *::/i.test(line), line);
        if (
          message.length <= 6000 && /^[\x20-\x7e]*$/.test(message) &&
          !/##[a-z]*\[|^ *::/i.test(message)
        ) {
          assertEquals(line, `${WORDS[level]}${message}\n`);
        }
      }
    }
  }
}
