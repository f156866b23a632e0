import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  formatLine,
  LOG_FORMATS,
  LOG_LEVELS,
} from "../../lib/log/format_line.ts";

const TIME = new Date("2026-01-02T03:04:05.678Z");

for (
  const [level, text, journal] of [
    ["debug", "Debug: hello\n", "<7>Debug: hello\n"],
    ["info", "hello\n", "<6>hello\n"],
    ["warn", "Warning: hello\n", "<4>Warning: hello\n"],
    ["error", "Error: hello\n", "<3>Error: hello\n"],
  ] as const
) {
  Deno.test(`formatLine() writes the level ${level} as text, and for the journal`, () => {
    const options = { format: "text", time: TIME } as const;
    assertEquals(
      formatLine(level, "hello", { ...options, journal: false }),
      text,
    );
    assertEquals(
      formatLine(level, "hello", { ...options, journal: true }),
      journal,
    );
  });

  Deno.test(`formatLine() writes the level ${level} as JSON, and for the journal`, () => {
    const options = { format: "json", time: TIME } as const;
    const line = formatLine(level, "hello", { ...options, journal: false });
    assertEquals(JSON.parse(line), {
      time: "2026-01-02T03:04:05.678Z",
      level,
      message: "hello",
    });
    assertEquals(
      formatLine(level, "hello", { ...options, journal: true }),
      `${journal.slice(0, 3)}${line}`,
    );
  });
}

const NASTY: readonly string[] = [
  "a\nb",
  "a\r\nb\n",
  "a\tb",
  "\u001b[31mred\u001b]0;title\u0007",
  "\0\b\u007f\u0085\u009b31m",
  "\u2028\u2029",
  "\u202eright to left\u202c\u2066\u2069\u200e\u200f",
  "\ufeffmark",
  "\u061carabic letter mark, and what cannot be seen: \u00ad\u200b\u200d\u2060\ufff9\u{e0041}",
  "\ud800lone\udc00",
  '"quotes" and \\ backslashes \\n',
  "<3>forged",
  "::add-path::/tmp/evil",
  "x ##[add-path]/tmp/evil ##vso[task.prependpath]/tmp/evil",
  "\u00e4\u{1f600} $& %s {}",
];

for (const message of NASTY) {
  Deno.test(`formatLine() makes one harmless line of ${JSON.stringify(message)}`, () => {
    for (const format of LOG_FORMATS) {
      for (const level of LOG_LEVELS) {
        const line = formatLine(level, message, {
          format,
          journal: true,
          time: TIME,
        });
        assertMatch(line, /^<[3467]>[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u);
        assertEquals(line.isWellFormed(), true);
        assertNotMatch(line, /##(?:vso)?\[|^(?:<.>)?\s*::/);
        if (format === "json") {
          assertEquals(
            JSON.parse(line.slice(3)).message,
            message.toWellFormed(),
          );
        }
      }
    }
  });
}

Deno.test("formatLine() writes U+FFFD in place of half a character, in every format", () => {
  for (const format of LOG_FORMATS) {
    const line = formatLine("info", "a\ud800b\udc00", {
      format,
      journal: false,
      time: TIME,
    });
    assertStringIncludes(line, "a\ufffdb\ufffd");
  }
});

Deno.test("formatLine() cuts a message after 6000 characters, in every format", () => {
  for (const format of LOG_FORMATS) {
    const write = (message: string) => {
      const line = formatLine("info", message, {
        format,
        journal: false,
        time: TIME,
      });
      return format === "json" ? JSON.parse(line).message : line.slice(0, -1);
    };
    assertEquals(write("x".repeat(6000)), "x".repeat(6000));
    assertEquals(write("x".repeat(6001)), `${"x".repeat(6000)}...`);
    assertEquals(write("x".repeat(1_000_000)), `${"x".repeat(6000)}...`);
    // The cut goes through a character of two units.
    assertEquals(
      write(`${"x".repeat(5999)}\u{1f600}`),
      `${"x".repeat(5999)}\ufffd...`,
    );
  }
});
