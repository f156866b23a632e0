/**
 * What this project relies on in `@std/xml`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { parse } from "@std/xml/parse";
import { cdata, element, OPTIONS, parseRoot, text } from "./_xml.ts";

Deno.test("parse() gives elements, attributes and text as a tree", () => {
  assertEquals(
    parse(
      `<?xml version="1.0" encoding="utf-8"?>\n<a x="1" y='2'><b>one</b><c/></a>\n`,
      OPTIONS,
    ),
    {
      declaration: {
        type: "declaration",
        version: "1.0",
        encoding: "utf-8",
        line: 1,
        column: 1,
        offset: 0,
      },
      root: element("a", [element("b", [text("one")]), element("c")], {
        x: "1",
        y: "2",
      }),
    },
  );
});

Deno.test("parse() has no declaration where the document has none", () => {
  assertEquals(parse("<a/>", OPTIONS), { root: element("a") });
});

Deno.test("parse() keeps the standalone of a declaration", () => {
  assertEquals(
    parse(`<?xml version="1.0" standalone="yes"?><a/>`, OPTIONS).declaration
      ?.standalone,
    "yes",
  );
});

Deno.test("parse() leaves positions out of the declaration when it does not track them", () => {
  const { declaration } = parse(`<?xml version="1.0"?><a/>`, {
    ...OPTIONS,
    trackPosition: false,
  });
  assertEquals(declaration, {
    type: "declaration",
    version: "1.0",
    line: 0,
    column: 0,
    offset: 0,
  });
});

Deno.test("parse() splits names into prefix and local name", () => {
  assertEquals(
    parseRoot(`<p:a xmlns:p="urn:p" xmlns="urn:d" p:x="1"><b/></p:a>`),
    {
      type: "element",
      name: { raw: "p:a", prefix: "p", local: "a", uri: "urn:p" },
      attributes: { "xmlns:p": "urn:p", xmlns: "urn:d", "p:x": "1" },
      children: [element("b")],
    },
  );
});

Deno.test("parse() gives attributes no inherited names", () => {
  const { attributes } = parseRoot("<a/>");
  assertEquals(attributes["constructor"], undefined);
});

Deno.test("parse() keeps CDATA apart from text", () => {
  assertEquals(parseRoot("<a>one<![CDATA[<two>&amp;]]>three</a>").children, [
    text("one"),
    cdata("<two>&amp;"),
    text("three"),
  ]);
});

Deno.test("parse() keeps CDATA of nothing but white space", () => {
  assertEquals(parseRoot("<a><![CDATA[ ]]></a>").children, [cdata(" ")]);
});

Deno.test("parse() decodes the five predefined entities and characters by number", () => {
  assertEquals(
    parseRoot("<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x42;&#x1F600;</a>").children,
    [
      text(`<>&'"AB\u{1F600}`),
    ],
  );
  assertEquals(parseRoot("<a x='&lt;&#10;&quot;'/>").attributes, { x: `<\n"` });
});

Deno.test("parse() decodes an entity once", () => {
  assertEquals(parseRoot("<a>&amp;lt;</a>").children, [text("&lt;")]);
});

Deno.test("parse() leaves out comments, and the text around one stays two nodes", () => {
  assertEquals(
    parseRoot("<!-- 1 --><a>one<!-- 2 -->two</a><!-- 3 -->").children,
    [text("one"), text("two")],
  );
});

Deno.test("parse() keeps comments inside the root when it is told nothing", () => {
  assertEquals(parse("<!-- 1 --><a><!-- 2 --></a>").root.children, [{
    type: "comment",
    text: " 2 ",
  }]);
});

Deno.test("parse() leaves out processing instructions", () => {
  assertEquals(parseRoot("<?p q?><a>one<?r s?>two</a>").children, [
    text("one"),
    text("two"),
  ]);
});

Deno.test("parse() leaves out white space between elements and keeps it inside text", () => {
  assertEquals(
    parseRoot("<a>\n  <b> one\ttwo </b>\n</a>"),
    element("a", [element("b", [text(" one\ttwo ")])]),
  );
});

Deno.test("parse() keeps white space between elements when it is told nothing", () => {
  assertEquals(parse("<a>\n<b/> </a>").root.children, [
    text("\n"),
    element("b"),
    text(" "),
  ]);
});

Deno.test("parse() reads every line end as a line feed, and one in an attribute as a blank", () => {
  assertEquals(
    parseRoot("<a x='1\r\n2\t3\r4'>5\r\n6\r7</a>"),
    element("a", [text("5\n6\n7")], { x: "1 2 3 4" }),
  );
});

Deno.test("parse() reads characters beyond the basic plane", () => {
  assertEquals(parseRoot("<a>\u{1F600}\u00e9</a>").children, [
    text("\u{1F600}\u00e9"),
  ]);
});
