import { assertEquals, assertThrows } from "@std/assert";
import {
  parseSshdConfig,
  SshdConfigError,
} from "../../../lib/parts/login/sshd_config.ts";
import {
  passwordsAllowed,
  readSshdSettings,
  type SshdFiles,
} from "../../../lib/parts/login/sshd_settings.ts";

// tests/boot/login/sshd_settings_test.ts compares all this with sshd itself.

for (
  const [what, text, words] of [
    ["blanks", "\t Key  a\tb \r", ["key", "a", "b"]],
    ["an equals sign", "Key=a=b", ["key", "a=b"]],
    ["quotes of both kinds", `"Key" "a b" 'c "d' e"f g"`, [
      "key",
      "a b",
      'c "d',
      "ef g",
    ]],
    ["escapes", String.raw`Key \"a\" b\ c \d "e\ f"`, [
      "key",
      '"a"',
      "b c",
      String.raw`\d`,
      String.raw`e\ f`,
    ]],
    ["a comment behind it", "Key a#b #c d", ["key", "a#b"]],
    ["no argument", "Key", ["key"]],
    ["a quote inside the keyword", 'K"ey" a', ["key", "a"]],
    ["an equals sign before the keyword", " = Key a", ["key", "a"]],
    ["an empty word before the keyword", '"" Key=a', ["key", "a"]],
    ["one equals sign too many", "Key == a", ["key", "=", "a"]],
  ] as const
) {
  Deno.test(`parseSshdConfig() reads a line with ${what}`, () => {
    assertEquals(parseSshdConfig(`# x\n\n  \n${text}\n`), [
      { keyword: words[0], words: words.slice(1), line: 4 },
    ]);
  });
}

Deno.test("parseSshdConfig() refuses a quote without its end, as sshd does", () => {
  assertThrows(
    () => parseSshdConfig('x\nKey "a'),
    SshdConfigError,
    "line 2 has a quote without its end",
  );
});

Deno.test("parseSshdConfig() reads no keyword whose quote has no end", () => {
  assertEquals(parseSshdConfig('"Key a'), []);
});

Deno.test("parseSshdConfig() refuses a NUL, where sshd goes on with the next line", () => {
  assertThrows(
    () => parseSshdConfig("x\n#\0\nKey a"),
    SshdConfigError,
    "line 2 has a NUL",
  );
});

/** Files by their path; the one pattern is all that begins with a text. */
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
      '"/a" is included over 16 deep',
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
