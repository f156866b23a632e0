import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { compileArguments } from "../../../tools/build/compile_module.ts";
import {
  bundleForQuickjs,
  quickjsObstacle,
} from "../../../tools/build/compile_quickjs.ts";
import { run } from "../../helpers/command.ts";
import { target, temporaryFolder } from "../_fixtures.ts";

Deno.test("quickjsObstacle() wants a Deno that has QuickJS, and no base of another", () => {
  for (const version of ["2.9.5", "2.9.12", "2.10.0", "3.0.0"]) {
    assertEquals(quickjsObstacle(version, undefined), undefined, version);
    assertEquals(quickjsObstacle(version, ""), undefined, version);
  }
  for (const version of ["2.7.11", "2.9.4", "1.99.99"]) {
    assertEquals(
      quickjsObstacle(version, undefined),
      `Cannot compile with QuickJS with Deno "${version}": put Deno "2.9.5" or later on PATH`,
    );
  }
  assertEquals(
    quickjsObstacle("2.9.5", "/denort"),
    "Cannot compile with QuickJS while DENORT_BIN is set, as Deno would take that base: unset it",
  );
});

Deno.test("compileArguments() gives another engine no flags of V8's", () => {
  const args = compileArguments({
    target,
    output: "dist/x",
    entry: "a.js",
    permissions: [],
    engine: "quickjs",
  }, "");
  assertEquals(args.filter((it) => it.startsWith("--engine")), [
    "--engine=quickjs",
  ]);
  assertEquals(args.filter((it) => it.startsWith("--v8-flags")), []);
});

Deno.test("bundleForQuickjs() makes one module that works, without what QuickJS may not know", async () => {
  await using folder = await temporaryFolder();
  const module = await bundleForQuickjs(folder.path);
  assertNotMatch(await Deno.readTextFile(module), /[\s;{}]using\s+[\w$]+\s*=/);
  const { code, stdout, stderr } = await run(Deno.execPath(), [
    "run",
    "--no-config",
    "--no-lock",
    "--no-prompt",
    module,
    "--wireserver",
    "127.0.0.1:1",
    "--imds",
    "127.0.0.1:1",
    "--help",
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^Completes the first boot of a Linux VM on Azure/);
});
