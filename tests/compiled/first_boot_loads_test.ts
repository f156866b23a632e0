import { assert, assertEquals, assertLess } from "@std/assert";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { bundle } from "../../tools/build/bundle.ts";
import { compileEdited } from "./_compile_edited.ts";

/**
 * The script has 202,000 bytes with the stand-ins of `tools/npm`; the margin is a sixth.
 * Each byte costs about 20 instructions at every start, even if none of its code runs.
 */
const MOST_SCRIPT_BYTES = 236_000;

/**
 * The modules have 125,000 bytes, of which a fifth is the stand-in for `@std/xml`. V8 takes
 * over 200 instructions to scan each of them.
 */
const MOST_MODULE_BYTES = 140_000;

/** The exit status of a module that should not have been loaded. */
const LOADED = 41;

Deno.test("the script that a first boot loads holds neither the simulator nor the versions, and is small", async () => {
  await using dir = await tempDir();
  const { script, sources } = await bundle(dir.path);
  assert(sources.includes("lib/provision.ts"), sources.join("\n"));
  assertEquals(
    sources.filter((it) => /^lib\/(simulator\/|cli\/versions\.ts)/.test(it)),
    [],
  );
  assertLess((await Deno.stat(script)).size, MOST_SCRIPT_BYTES);
});

Deno.test("without a code cache, an ordinary first boot loads two thirds of the program", async () => {
  await using dir = await tempDir();
  const { loaded } = await bundle(dir.path, false);
  let bytes = 0;
  for (const path of loaded) bytes += (await Deno.stat(path)).size;
  assertLess(bytes, MOST_MODULE_BYTES);
});

Deno.test("the script that a first boot loads imports nothing from Node but node:fs, and that lazily", async () => {
  await using dir = await tempDir();
  const { script } = await bundle(dir.path);
  const text = await Deno.readTextFile(script);
  assertEquals(
    [...new Set(text.match(/"node:[a-z/_]+"/g))],
    ['"node:fs"'],
  );
  assert(text.includes('import("node:fs")'));
});

Deno.test({
  name: "a first boot of the compiled program loads no module apart",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const program = await compileEdited(dir.path, {
      async edit({ apart, folder }) {
        for (const url of apart) {
          await Deno.writeTextFile(
            `${folder}${new URL(url).pathname}`,
            `Deno.exit(${LOADED}); export const versions = 0;`,
          );
        }
      },
    });
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([]);
    const boot = await vm.run(`${program} provision`);
    assertEquals(boot.code, 0, boot.stderr);
    for (const other of ["--version", "simulate"]) {
      const { code } = await vm.run(`${program} ${other}`);
      assertEquals(code, LOADED, `"${other}" loads one, so the test works`);
    }
    await platform.stop();
  },
});
