/**
 * What this project relies on in `@std/xml`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import { assertInstanceOf, assertThrows } from "@std/assert";
import { parse } from "@std/xml/parse";
import { OPTIONS } from "./_xml.ts";

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
