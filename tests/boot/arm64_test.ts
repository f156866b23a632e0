import { assertEquals, assertMatch } from "@std/assert";
import { cached } from "./_cache.ts";
import { succeed } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { compileProgram } from "../../tools/build/compile_program.ts";

const EMULATOR = "qemu-aarch64-static";
const MISSING = missingProgram([EMULATOR, "mmdebstrap"]);
if (MISSING !== undefined) {
  console.error(
    `The test of the program for arm64 is skipped: it needs "${MISSING}" (on Debian: apt-get install qemu-user-static mmdebstrap)`,
  );
}

/** The libraries that the program loads, for arm64; nothing of it is run to unpack them. */
function libraries(): Promise<string> {
  return cached("roots/libraries-arm64-bookworm", async (root) => {
    await succeed("mmdebstrap", [
      "--quiet",
      "--mode=root",
      "--variant=extract",
      "--architectures=arm64",
      "--include=libc6,libgcc-s1",
      "bookworm",
      root,
    ], 300_000);
  });
}

Deno.test({
  name: "the program for arm64 reports Ready once, on an emulated processor",
  ignore: VM_OBSTACLE !== undefined || MISSING !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const binary = `${dir.path}/azure-provisioning`;
    await compileProgram("aarch64-unknown-linux-gnu", binary);
    const emulated = `${EMULATOR} -L "${await libraries()}" "${binary}"`;
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([
      "--computer-name",
      "arm-vm",
      "--json",
    ]);
    const first = await vm.run(`${emulated} provision; hostname`);
    assertEquals(first.code, 0, first.stderr);
    assertMatch(first.stderr, /^Host name set to "arm-vm"/m);
    assertEquals(first.stdout, "arm-vm\n");
    const next = await vm.run(`${emulated} provision`);
    assertEquals(next.code, 0, next.stderr);
    const { stdout } = await platform.stop();
    const { ready, refusals, requests } = JSON.parse(
      stdout.trim().split("\n").at(-1)!,
    );
    assertEquals(
      { ready, refusals, requests },
      { ready: true, refusals: [], requests: 4 },
      "the second run asks for the metadata only",
    );
  },
});
