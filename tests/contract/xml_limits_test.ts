/**
 * What this project relies on in `@std/xml`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import { assertLess } from "@std/assert";
import { parseRoot } from "./_xml.ts";

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
