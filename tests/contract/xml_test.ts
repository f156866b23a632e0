/**
 * What this project relies on in `@std/xml`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertThrows,
} from "@std/assert";
import { parse } from "@std/xml/parse";
import { stringify } from "@std/xml/stringify";
import type { XmlElement, XmlNode } from "@std/xml/types";

const OPTIONS = {
  ignoreComments: true,
  ignoreWhitespace: true,
  trackPosition: true,
  disallowDoctype: true,
  maxDepth: 64,
} as const;

function parseRoot(xml: string): XmlElement {
  return parse(xml, OPTIONS).root;
}

function element(
  local: string,
  children: XmlNode[] = [],
  attributes: Record<string, string> = {},
): XmlElement {
  return { type: "element", name: { raw: local, local }, attributes, children };
}

function text(text: string): XmlNode {
  return { type: "text", text };
}

function cdata(text: string): XmlNode {
  return { type: "cdata", text };
}

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

const REJECTED: Record<string, string> = {
  "a byte order mark": "\uFEFF<a/>",
  "a byte order mark before the declaration": `\uFEFF<?xml version="1.0"?><a/>`,
  "a DOCTYPE": "<!DOCTYPE a><a/>",
  "a DOCTYPE with entities": `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
  "an external DOCTYPE": `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`,
  "a bare ampersand": "<a>b & c</a>",
  "a bare ampersand at the end of a word": "<a>b&</a>",
  "a bare ampersand in an attribute": "<a x='b & c'/>",
  "an unknown entity": "<a>&nbsp;</a>",
  "an unknown entity in an attribute": "<a x='&nbsp;'/>",
  "a character that XML has no place for": "<a>\u0000</a>",
  "a control character by number": "<a>&#x1;</a>",
  "a control character in a document that calls itself XML 1.1":
    `<?xml version="1.1"?><a>&#x1;</a>`,
  "a character number beyond Unicode": "<a>&#x110000;</a>",
  "two roots": "<a/><b/>",
  "an element that is not closed": "<a><b></a>",
  "a root that is not closed": "<a>",
  "a tag that is not closed": "<a",
  "a closing tag too many": "<a></a></a>",
  "nothing": "",
  "white space": " \n",
  "a comment alone": "<!-- -->",
  "text before the root": "one<a/>",
  "text after the root": "<a/>one",
  "CDATA after the root": "<a/><![CDATA[one]]>",
  "CDATA that is not closed": "<a><![CDATA[one</a>",
  "the end of CDATA in text": "<a>]]></a>",
  "a comment that is not closed": "<a><!-- </a>",
  "two dashes in a comment": "<a><!-- -- --></a>",
  "an attribute twice": "<a x='1' x='2'/>",
  "an attribute without quotes": "<a x=1/>",
  "an attribute without a value": "<a x/>",
  "a less-than sign in an attribute": "<a x='<'/>",
  "a prefix that is not bound": "<p:a/>",
  "an attribute's prefix that is not bound": "<a p:x='1'/>",
  "a name of three parts": "<p:q:a xmlns:p='urn:p'/>",
  "a declaration after a blank": ` <?xml version="1.0"?><a/>`,
  "a declaration without a version": `<?xml encoding="utf-8"?><a/>`,
  "no XML": "not found",
  "JSON": `{"a":1}`,
  "HTML": "<!doctype html><html><body><p>one<br></body></html>",
  "more levels than allowed": "<a>".repeat(65) + "</a>".repeat(65),
};

for (const [what, xml] of Object.entries(REJECTED)) {
  Deno.test(`parse() rejects ${what}`, () => {
    assertInstanceOf(assertThrows(() => parse(xml, OPTIONS)), Error);
    assertInstanceOf(
      assertThrows(() => parse(xml, { ...OPTIONS, trackPosition: false })),
      Error,
    );
  });
}

Deno.test("parse() rejects a DOCTYPE when it is told nothing", () => {
  assertThrows(() => parse("<!DOCTYPE a><a/>"), Error);
});

Deno.test("parse() accepts as many levels as allowed, and one more if it holds nothing", () => {
  parseRoot("<a>".repeat(64) + "</a>".repeat(64));
  parseRoot("<a>".repeat(64) + "<a/>" + "</a>".repeat(64));
});

Deno.test("parse() reads a mebibyte in a few seconds at most, whatever it holds", () => {
  const row =
    "<p:row xmlns:p='urn:p' p:x='1'>one &amp; two<![CDATA[three]]></p:row>\n";
  const inputs = [
    `<a>${row.repeat(2 ** 20 / row.length)}</a>`,
    `<a>${"x".repeat(2 ** 20)}</a>`,
    `<a>${"&amp;".repeat(2 ** 20 / 5)}</a>`,
    `<a x='${"x\n".repeat(2 ** 19)}'/>`,
    `<a ${
      Array.from({ length: 2 ** 16 }, (_, i) => `x${i}='12345'`).join(" ")
    }/>`,
    `<a><![CDATA[${"]]".repeat(2 ** 19)}]]></a>`,
    `<a><!--${"- ".repeat(2 ** 19)}--></a>`,
  ];
  for (const xml of inputs) {
    const start = performance.now();
    parseRoot(xml);
    assertLess(performance.now() - start, 5000, xml.slice(0, 20));
  }
});

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
