/**
 * What this project relies on in `@std/xml`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { stringify } from "@std/xml/stringify";
import { cdata, element, parseRoot, text } from "./_xml.ts";

Deno.test("stringify() writes elements, attributes, text and CDATA", () => {
  const tree = element("a", [
    element("b", [text("one"), cdata("<two>")]),
    element("c"),
  ], { x: "1", y: "2" });
  assertEquals(
    stringify(tree),
    `<a x="1" y="2"><b>one<![CDATA[<two>]]></b><c/></a>`,
  );
});

Deno.test("stringify() writes names with their prefix", () => {
  const tree = parseRoot(`<p:a xmlns:p="urn:p"><p:b/></p:a>`);
  assertEquals(stringify(tree), `<p:a xmlns:p="urn:p"><p:b/></p:a>`);
});

Deno.test("stringify() escapes what would be markup", () => {
  assertEquals(
    stringify(element("a", [text(`<>&"'`)], { x: `<>&"'\t\n\r` })),
    `<a x="&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13;">&lt;&gt;&amp;&quot;&apos;</a>`,
  );
});

Deno.test("stringify() splits CDATA where it would end too early", () => {
  assertEquals(
    stringify(element("a", [cdata("one]]>two")])),
    "<a><![CDATA[one]]]]><![CDATA[>two]]></a>",
  );
});

Deno.test("stringify() refuses a comment that would end too early", () => {
  assertThrows(
    () => stringify(element("a", [{ type: "comment", text: "--" }])),
    TypeError,
  );
});

Deno.test("parse() reads what stringify() writes", () => {
  const tree = element("a", [
    element("b", [text(`<&>"'\u{1F600}`)]),
    element("c", [cdata("]] > & <d/>")], { x: "1 \t\n\r2", "y-z": "" }),
  ]);
  const again = parseRoot(stringify(tree));
  assertEquals(again, tree);
  assert(again !== tree);
});
