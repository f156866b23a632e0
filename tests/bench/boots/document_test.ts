import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ROOT } from "../../helpers/program.ts";
import { bootsPart, MEASURED, replacePart } from "./_document.ts";

Deno.test("bootsPart() says how boots were measured, and has a table for each root", () => {
  const part = bootsPart({
    date: "2026-01-02",
    command: "tools/dev bench:boot --rounds 3",
    rounds: 3,
    tables: { "systemd-252": "| a |", sysv: "| b |" },
    pictures: { "systemd-252": "<svg/>" },
  });
  assertStringIncludes(
    part.replaceAll("\n", " "),
    "Measured on 2026-01-02 in 3 rounds, with `tools/dev bench:boot --rounds 3`",
  );
  const prose = part.split("\n").filter((line) => !/^[|!]/.test(line));
  assertEquals(prose.filter((line) => line.length > 100), []);
  assertStringIncludes(
    part,
    "### systemd-252\n\n| a |\n\n![When the units run on systemd-252](performance_boot_systemd-252.svg)\n\n### sysv\n\n| b |\n",
  );
});

Deno.test("replacePart() replaces what the document has, and nothing else", () => {
  assertEquals(
    replacePart("x\n\nold\n\ny\n", "old\n", "$& new\n"),
    "x\n\n$& new\n\ny\n",
  );
  assertThrows(
    () => replacePart("x", "old", "new"),
    TypeError,
    "tools/dev bench",
  );
});

Deno.test("the document has the boots that were measured last", async () => {
  const measured = await Deno.readTextFile(`${ROOT}${MEASURED}`);
  const document = await Deno.readTextFile(`${ROOT}docs/performance.md`);
  assertStringIncludes(document, measured.trim());
});
