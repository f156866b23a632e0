import { assert, assertEquals } from "@std/assert";
import { compileArguments } from "../../../tools/build/compile_module.ts";

const X86 = "x86_64-unknown-linux-gnu";

Deno.test("compileArguments() passes the import map on, and what the program may do and holds", () => {
  const args = compileArguments({
    target: X86,
    output: "dist/x",
    entry: "a.js",
    include: ["b", "c"],
    permissions: ["--allow-read"],
  }, " --import-map=a  --frozen ");
  assertEquals(args.at(-1), "a.js");
  for (
    const flag of [
      "--import-map=a",
      "--allow-read",
      "--include=b",
      "--include=c",
      "--no-code-cache",
      `--target=${X86}`,
      "--output=dist/x",
    ]
  ) {
    assert(args.includes(flag), flag);
  }
  assert(!args.includes("--frozen"));
});

Deno.test("compileArguments() passes no empty flag on", () => {
  const options = {
    target: X86,
    output: "dist/x",
    entry: "a.js",
    permissions: [],
  } as const;
  assert(!compileArguments(options, "").includes(""));
});

Deno.test("compileArguments() lets Deno fetch nothing where a configuration has all modules", () => {
  const options = {
    target: X86,
    output: "dist/x",
    entry: "https://azure-provisioning.invalid/a.js",
    permissions: [],
  } as const;
  const args = compileArguments({ ...options, config: "a/deno.json" }, "");
  for (const flag of ["--config=a/deno.json", "--cached-only"]) {
    assert(args.includes(flag), flag);
    assert(!compileArguments(options, "").includes(flag), flag);
  }
});
