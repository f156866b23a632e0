import { assertEquals, assertMatch } from "@std/assert";
import { origin, versions } from "../../lib/cli/versions.ts";
import { VERSION } from "../../lib/version.ts";
import { ROOT } from "../helpers/program.ts";

Deno.test("VERSION is the version in deno.json", async () => {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  assertEquals(VERSION, config.version);
});

for (
  const [url, name] of [
    ["jsr:@std/xml@0.2.0/parse", "jsr:@std/xml@0.2.0"],
    ["https://jsr.io/@std/log/0.224.14/logger.ts", "jsr:@std/log@0.224.14"],
    ["file:///registry/@std/cli/1.0.32/parse_args.ts", "jsr:@std/cli@1.0.32"],
    ["file:///src/tools/npm/xml/parse.ts", "stand-in from npm (for testing)"],
    ["npm:deno-std@1.4.0/cli/parse_args.js", "stand-in from npm (for testing)"],
    ["", "stand-in from npm (for testing)"],
  ] as const
) {
  Deno.test(`origin() says ${name} for "${url}"`, () => {
    assertEquals(origin(url), name);
  });
}

Deno.test("versions() has a line each for the program, Deno, and what comes from @std", () => {
  const from =
    /(jsr:@std\/[a-z]+@\d+\.\d+\.\d+|stand-in from npm \(for testing\))$/;
  const [program, deno, ...packages] = versions().trimEnd().split("\n");
  assertEquals(program, `azure-provisioning ${VERSION}`);
  assertEquals(deno, `deno ${Deno.version.deno}`);
  assertEquals(
    packages.map((line) => line.split(" ")[0]),
    ["@std/cli", "@std/log", "@std/xml"],
  );
  for (const line of packages) assertMatch(line, from);
});
