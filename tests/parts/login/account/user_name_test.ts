import { assertEquals } from "@std/assert";
import { checkUserName } from "../../../../lib/parts/login/account/user_name.ts";

for (
  const name of [
    "azureuser",
    "a",
    "_",
    "_svc",
    "Ops.Team-2",
    "ALL",
    "x".repeat(32),
    "a-",
  ]
) {
  Deno.test(`checkUserName() takes "${name}"`, () => {
    assertEquals(checkUserName(name), { ok: true });
  });
}

const CHARACTERS = ', and only letters, digits, "_", "." and "-" are allowed';

for (
  const [name, reason] of [
    ["", "it is empty"],
    ["root", "it is the system's own user"],
    ["-rf", 'it starts with "-", not with a letter or "_"'],
    [".", 'it starts with ".", not with a letter or "_"'],
    ["..", 'it starts with ".", not with a letter or "_"'],
    ["1000", 'it starts with "1", not with a letter or "_"'],
    ["x".repeat(33), "it is over 32 bytes long"],
    ["\u00e4".repeat(17), "it is over 32 bytes long"],
    ["x".repeat(1e6), "it is over 32 bytes long"],
    ["a\0b", `it contains U+0000${CHARACTERS}`],
    ["a:0:0", `it contains ":"${CHARACTERS}`],
    ["../etc", `it contains "/"${CHARACTERS}`],
    ["a\nroot::0:0", `it contains U+000A${CHARACTERS}`],
    ["a b", `it contains U+0020${CHARACTERS}`],
    ['a"', `it contains """${CHARACTERS}`],
    ["a,b", `it contains ","${CHARACTERS}`],
    ["a$", `it contains "$"${CHARACTERS}`],
    ["a\\", `it contains "\\"${CHARACTERS}`],
    ["j\u00f6rg", `it contains U+00F6${CHARACTERS}`],
    ["a\u{1f600}", `it contains U+1F600${CHARACTERS}`],
    ["a\ud800", `it contains U+D800${CHARACTERS}`],
  ] as const
) {
  Deno.test(`checkUserName() refuses ${JSON.stringify(name.slice(0, 40))}`, () => {
    assertEquals(checkUserName(name), { ok: false, reason });
  });
}
