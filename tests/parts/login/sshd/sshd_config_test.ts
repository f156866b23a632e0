import { assertEquals, assertThrows } from "@std/assert";
import {
  parseSshdConfig,
  SshdConfigError,
} from "../../../../lib/parts/login/sshd/sshd_config.ts";

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
