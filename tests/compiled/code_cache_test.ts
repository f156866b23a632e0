import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { run } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { SCRIPT } from "../../tools/build/names.ts";
import { RUNTIME } from "../../tools/build/runtime.ts";
import { compileEdited, editScript } from "./_compile_edited.ts";

const MISSING = missingProgram(["strace"]);
if (MISSING !== undefined) {
  console.error(
    `The test of the files that the program opens in /tmp is skipped: it needs "${MISSING}"`,
  );
}

const TAKEN = /^Debug: V8 took the code cache$/m;
const REJECTED = /^Debug: V8 rejected the code cache, /m;
const ABSENT = /^Debug: The program has no code cache/m;
// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b/;
const READY = /^Provisioned: the platform knows that this VM is ready$/m;

Deno.test({
  name: "V8 takes the code cache of the compiled program",
  ignore: VM_OBSTACLE !== undefined || !RUNTIME.codeCache,
  fn: async () => {
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([]);
    const { code, stderr } = await vm.provision(["--log-level", "debug"]);
    await platform.stop();
    assertEquals(code, 0, stderr);
    assertMatch(stderr, READY);
    assertMatch(stderr, TAKEN);
  },
});

for (
  const [what, codeCache, says] of [
    ["whose code cache is another V8's", spoilVersion, REJECTED],
    ["that has no code cache", undefined, ABSENT],
  ] as const
) {
  Deno.test({
    name:
      `a program ${what} works all the same, and says so in the log for debugging`,
    ignore: VM_OBSTACLE !== undefined || !RUNTIME.codeCache,
    fn: async () => {
      await using dir = await tempDir();
      const { code, stderr } = await bootWith(
        await compileEdited(dir.path, { codeCache }),
      );
      assertEquals(code, 0, stderr);
      assertMatch(stderr, READY);
      assertMatch(stderr, says);
    },
  });
}

Deno.test({
  name:
    "the program opens nothing in the folder in /tmp where Deno says its modules are",
  ignore: VM_OBSTACLE !== undefined || MISSING !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const without = await compileEdited(dir.path, {});
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([]);
    for (const binary of ["$0", without]) {
      const { code, stderr, stdout } = await vm.run(
        `strace -f -e trace=file -o /run/trace ${binary} provision --force && cat /run/trace`,
      );
      assertEquals(code, 0, stderr);
      assert(stdout.includes("/etc/hostname"), "strace works");
      assert(!stdout.includes("deno-compile"), stdout);
    }
    const { stdout } = await vm.run("$0 --version");
    assertMatch(stdout, /^@std\/xml /m);
    await platform.stop();
  },
});

for (
  const [how, failure] of [
    [
      "a callback",
      'setTimeout(() => { throw new Error("Lost\\x1b[1m\\n::debug::x"); });',
    ],
    ["a promise", 'Promise.reject(new Error("Lost\\x1b[1m\\n::debug::x"));'],
  ] as const
) {
  Deno.test(`an error in ${how} that nothing awaits ends the compiled program with one line, without escape sequences`, async () => {
    await using dir = await tempDir();
    const output = await compileEdited(dir.path, {
      edit: editScript((text) =>
        `${text}({ run: () => new Promise(() => { ${failure} }) })`
      ),
    });
    const { code, stderr } = await run("env", ["-u", "NO_COLOR", output]);
    assertEquals(code, 70);
    assertStringIncludes(
      stderr,
      "Error: Internal error: Error: Lost\\u001b[1m\\n::debug::x\\n ",
    );
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
    assertNotMatch(stderr, ESCAPE);
  });
}

Deno.test("an internal error of the compiled program names its file and line", async () => {
  await using dir = await tempDir();
  let line = 0;
  const output = await compileEdited(dir.path, {
    edit: editScript((text) => {
      line = text.split("\n").length + 1;
      return `${text}({
        run: () => Promise.reject(new Error("Lost")),
      })`;
    }),
  });
  const { code, stderr } = await run("env", ["-u", "NO_COLOR", output]);
  assertEquals(code, 70);
  assertStringIncludes(stderr, "Error: Internal error: Error: Lost\\n");
  assertStringIncludes(stderr, `/${SCRIPT}:${line}:`);
  assertNotMatch(stderr, ESCAPE);
});

/** The version is within the first 16 bytes (V8's SerializedCodeData). */
function spoilVersion(code: Uint8Array): Uint8Array {
  return code.map((byte, at) => at < 16 ? byte ^ 0xff : byte);
}

async function bootWith(
  binary: string,
): Promise<{ code: number; stderr: string }> {
  await using vm = await createVm({ root: "machine" });
  const platform = await vm.startPlatform([]);
  const result = await vm.run(`${binary} provision --log-level debug`);
  await platform.stop();
  return result;
}
