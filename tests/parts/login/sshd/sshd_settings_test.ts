import { assertEquals } from "@std/assert";
import {
  passwordsAllowed,
  readSshdSettings,
} from "../../../../lib/parts/login/sshd/sshd_settings.ts";
import type { SshdFiles } from "../../../../lib/parts/login/sshd/sshd_lines.ts";

// tests/boot/login/sshd_settings_test.ts compares this with sshd itself.

/** Files by their path; a pattern may have one `*`, at its end. */
function filesOf(texts: Readonly<Record<string, string>>): SshdFiles {
  return {
    glob: (pattern) =>
      Object.keys(texts).filter((path) =>
        pattern.endsWith("*")
          ? path.startsWith(pattern.slice(0, -1))
          : path === pattern
      ).sort(),
    read(path) {
      const text = texts[path];
      if (text === undefined) throw new Error("it is gone");
      return text;
    },
  };
}

for (
  const [what, texts, problem] of [
    [
      "includes itself",
      { "/a": "Include /a" },
      '"/a" is included more than 16 levels deep',
    ],
    [
      "includes more files than any",
      Object.fromEntries([
        ["/a", "Include /b*"],
        ...Array.from({ length: 257 }, (_, i) => [`/b${i}`, ""]),
      ]),
      "it includes over 256 files",
    ],
    [
      "has a line that nobody can read",
      { "/a": "Include /b", "/b": 'x "' },
      '"/b": line 1 has a quote without its end',
    ],
  ] as const
) {
  Deno.test(`readSshdSettings() says so of a configuration that ${what}`, () => {
    assertEquals(readSshdSettings("/a", filesOf(texts)).problem, problem);
  });
}

Deno.test("passwordsAllowed() names the line that counts, and what is on by default", () => {
  const { settings } = readSshdSettings(
    "/a",
    filesOf({
      "/a": "Include /b\nPasswordAuthentication no\nMatch User x\nInclude /c",
      "/b": "\nPasswordAuthentication yes",
      "/c": "KbdInteractiveAuthentication maybe",
    }),
  );
  assertEquals(passwordsAllowed(settings), [
    {
      kind: "set",
      setting: {
        keyword: "PasswordAuthentication",
        value: "yes",
        path: "/b",
        line: 2,
        matches: [],
      },
    },
    { kind: "default", keyword: "KbdInteractiveAuthentication" },
    {
      kind: "set",
      setting: {
        keyword: "KbdInteractiveAuthentication",
        value: "maybe",
        path: "/c",
        line: 1,
        matches: ["User x"],
      },
    },
  ]);
});
