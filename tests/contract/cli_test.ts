/**
 * What this project relies on in `@std/cli`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs() gives --name=value of a string option as it was written", () => {
  for (
    const value of [
      "one",
      "",
      "1",
      "0x10",
      "1e3",
      " ",
      "true",
      "-1",
      "--two",
      "a=b",
      "a\nb",
      "http://127.0.0.1:8080/",
    ]
  ) {
    const args = parseArgs([`--name=${value}`], { string: ["name"] });
    assertEquals(args.name, value);
  }
});

Deno.test("parseArgs() gives --flag, --flag=true and --flag=false as booleans", () => {
  const parse = (...args: string[]): boolean =>
    parseArgs(args, { boolean: ["flag"] }).flag;
  assertEquals(parse("--flag"), true);
  assertEquals(parse("--flag=true"), true);
  assertEquals(parse("--flag=false"), false);
  assertEquals(parse(), false);
});

Deno.test("parseArgs() leaves what follows a boolean alone", () => {
  const args = parseArgs(["--flag", "one"], {
    boolean: ["flag"],
    string: ["_"],
  });
  assertEquals(args.flag, true);
  assertEquals(args._.map(String), ["one"]);
});

Deno.test("parseArgs() leaves options out that do not come", () => {
  assertEquals(parseArgs([], { string: ["name"] }).name, undefined);
});

Deno.test("parseArgs() takes the last of an option that comes twice", () => {
  assertEquals(
    parseArgs(["--name=one", "--name=two"], { string: ["name"] }).name,
    "two",
  );
});

Deno.test("parseArgs() collects repeats in their order", () => {
  const options = { string: ["header"], collect: ["header"] } as const;
  assertEquals(parseArgs(["--header=1", "--header=two"], options).header, [
    "1",
    "two",
  ]);
  assertEquals(parseArgs(["--header=1"], options).header, ["1"]);
  assertEquals(parseArgs([], options).header, []);
});

Deno.test("parseArgs() takes a lone dash as a positional", () => {
  assertEquals(parseArgs(["-"], { string: ["_", "name"] })._.map(String), [
    "-",
  ]);
});

Deno.test("parseArgs() takes everything after two dashes as positionals", () => {
  const args = parseArgs(["one", "--", "--name=two", "-x", "--"], {
    string: ["_", "name"],
  });
  assertEquals(args._.map(String), ["one", "--name=two", "-x", "--"]);
  assertEquals(args.name, undefined);
});

Deno.test("parseArgs() keeps positionals texts when it is told so", () => {
  assertEquals(
    parseArgs(["1", "0x10", "1e3"], { string: ["_"] })._.map(String),
    [
      "1",
      "0x10",
      "1e3",
    ],
  );
});

Deno.test("parseArgs() gives an option by all its names", () => {
  const args = parseArgs(["--n=1"], { string: ["name"], alias: { name: "n" } });
  assertEquals(args.name, "1");
  assertEquals(args["n"], "1");
});

Deno.test("parseArgs() asks about unknown options and leaves them out when told so", () => {
  const unknown: string[] = [];
  const args = parseArgs(["--name=1", "--nmae=2", "-x"], {
    string: ["name"],
    unknown: (arg, key) => {
      if (key === undefined) return true;
      unknown.push(arg);
      return false;
    },
  });
  assertEquals(unknown, ["--nmae=2", "-x"]);
  assertEquals(args, { _: [], name: "1" });
});

Deno.test("parseArgs() asks about positionals too, without a key, but not about those after two dashes", () => {
  const seen: unknown[] = [];
  parseArgs(["one", "--", "two"], {
    string: ["_"],
    unknown: (arg, key) => seen.push([arg, key]),
  });
  assertEquals(seen, [["one", undefined]]);
});

Deno.test("parseArgs() keeps the prototypes of objects as they are", () => {
  parseArgs(["--__proto__.polluted=1", "--constructor.prototype.polluted=1"], {
    string: ["name"],
  });
  assertEquals(({} as Record<string, unknown>)["polluted"], undefined);
});
