import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { bundle } from "../../tools/bundle.ts";
import { compile } from "../../tools/compile_module.ts";
import { makeCodeCache } from "../../tools/compile_program.ts";
import { permissions } from "../../tools/permissions.ts";
import { run } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { DENO_FLAGS } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { target } from "../tools/_fixtures.ts";

const COMPILED_ANEW = /^Debug: .*compiled it anew/m;
const REJECTED = /^Debug: V8 did not take .*compiled it anew/m;
const ABSENT = /^Debug: The program holds no .*compiled it anew/m;
const READY = /^Provisioned: the platform knows that this VM is ready$/m;

Deno.test({
  name: "V8 takes the compiled code that the program holds",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([]);
    const { code, stderr } = await vm.provision(["--log-level", "debug"]);
    await platform.stop();
    assertEquals(code, 0, stderr);
    assertMatch(stderr, READY);
    assertNotMatch(stderr, COMPILED_ANEW);
  },
});

Deno.test({
  name:
    "a program whose compiled code is another V8's does its work, and says so in the log for debugging",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const binary = await compileWith(dir.path, (code) => {
      // The version is within the first 16 bytes (V8's SerializedCodeData).
      for (let at = 0; at < 16; at++) code[at]! ^= 0xff;
      return code;
    });
    const { code, stderr } = await bootWith(binary);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, READY);
    assertMatch(stderr, REJECTED);
  },
});

Deno.test({
  name:
    "a program that holds no compiled code does its work, and says so in the log for debugging",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const { code, stderr } = await bootWith(await compileWith(dir.path));
    assertEquals(code, 0, stderr);
    assertMatch(stderr, READY);
    assertMatch(stderr, ABSENT);
  },
});

Deno.test({
  name:
    "the program takes nothing from the folder in /tmp that Deno says its modules are in",
  ignore: VM_OBSTACLE !== undefined || missingProgram(["strace"]) !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const without = await compileWith(dir.path);
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

Deno.test("an error of the compiled program names the file and the line that it is in", async () => {
  await using dir = await tempDir();
  const { entry, script, apart } = await bundle(
    `${dir.path}/parts`,
    DENO_FLAGS.join(" "),
  );
  const text = await Deno.readTextFile(script);
  await Deno.writeTextFile(
    script,
    `${text}azureProvisioning = {
      run: () => Promise.reject(new Error("Lost")),
    };`,
  );
  const output = `${dir.path}/azure-provisioning`;
  await compile({
    target,
    output,
    entry,
    include: [script, ...apart],
    permissions: ["--allow-read"],
  });
  const { code, stderr } = await run("env", ["NO_COLOR=1", output]);
  assertEquals(code, 1);
  const line = text.split("\n").length + 1;
  assertStringIncludes(stderr, "Error: Lost\n");
  assertStringIncludes(stderr, `/program.txt:${line}:`);
});

/** Compiles the program with other compiled code, or with none. */
async function compileWith(
  dir: string,
  change?: (code: Uint8Array) => Uint8Array,
): Promise<string> {
  const output = `${dir}/azure-provisioning`;
  const { entry, script, apart } = await bundle(
    `${dir}/parts`,
    DENO_FLAGS.join(" "),
  );
  const [cache] = await makeCodeCache(script, target);
  const include = [script, ...apart];
  if (change !== undefined) {
    await Deno.writeFile(cache!, change(await Deno.readFile(cache!)));
    include.push(cache!);
  }
  await compile({
    target,
    output,
    entry,
    include,
    permissions: permissions.map(({ flag }) => flag),
  });
  return output;
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
