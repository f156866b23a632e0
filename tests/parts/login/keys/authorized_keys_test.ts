import { assertEquals, assertStrictEquals } from "@std/assert";
import { withKeys } from "../../../../lib/parts/login/keys/authorized_keys.ts";
import { SSH_KEYS } from "../../../helpers/ssh_keys.ts";

const [A, B] = [SSH_KEYS.ed25519!, SSH_KEYS.ecdsa256!];

function merged(existing: string, lines: readonly string[]): string {
  const bytes = new TextEncoder().encode(existing);
  return new TextDecoder().decode(withKeys(bytes, lines));
}

for (
  const [what, existing, lines, expected] of [
    ["writes keys into a new file", "", [`${A} a`, B], `${A} a\n${B}\n`],
    [
      "adds after what is there",
      `# mine\n\n${B}\n`,
      [A],
      `# mine\n\n${B}\n${A}\n`,
    ],
    ["mends a last line without an end", `${B} b`, [A], `${B} b\n${A}\n`],
    ["adds a key once", "", [`${A} a`, `${A} b`], `${A} a\n`],
    [
      "adds no key with another comment",
      `${A} old\n`,
      [`${A} new`],
      `${A} old\n`,
    ],
    [
      "adds no key that has options",
      `from="10.0.0.1",command="echo \\"a b\\"" ${A}\n`,
      [A],
      `from="10.0.0.1",command="echo \\"a b\\"" ${A}\n`,
    ],
    ["adds no key after blanks", ` \t${A}\tx\r\n`, [A], ` \t${A}\tx\r\n`],
    ["adds a key that is commented out", `#${A}\n`, [A], `#${A}\n${A}\n`],
    [
      "adds a key that is only named in an option",
      `command="echo ${A}" ${B}\n`,
      [A],
      `command="echo ${A}" ${B}\n${A}\n`,
    ],
    ["keeps lines that it does not know, and doubled ones", `x\n${B}\n${B}\n`, [
      A,
    ], `x\n${B}\n${B}\n${A}\n`],
    ["writes a comment as UTF-8", "", [`${A} j\u00f6rg`], `${A} j\u00f6rg\n`],
  ] as const
) {
  Deno.test(`withKeys() ${what}`, () => {
    assertEquals(merged(existing, lines), expected);
    // A second run changes nothing.
    assertEquals(merged(expected, lines), expected);
  });
}

Deno.test("withKeys() gives the same bytes back where nothing is new", () => {
  const bytes = new TextEncoder().encode(`${A}\n`);
  assertStrictEquals(withKeys(bytes, [A]), bytes);
  assertStrictEquals(withKeys(bytes, []), bytes);
});

Deno.test("withKeys() keeps bytes that are no text", () => {
  const bytes = Uint8Array.from([0xff, 0, 0x80, 0x0a]);
  assertEquals(withKeys(bytes, [A]).slice(0, 4), bytes);
});
