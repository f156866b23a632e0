import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  outputName,
  readTarget,
  UsageError,
} from "../../../tools/build/compile.ts";
import { permissions } from "../../../lib/permissions.ts";

const X86 = "x86_64-unknown-linux-gnu";
const ARM = "aarch64-unknown-linux-gnu";

Deno.test("readTarget() takes this machine's target unless told otherwise", () => {
  assertEquals(readTarget([], X86), X86);
  assertEquals(readTarget(["--target", ARM], X86), ARM);
  assertEquals(readTarget([`--target=${ARM}`], X86), ARM);
});

Deno.test("readTarget() rejects what it does not know", () => {
  for (
    const args of [
      ["--target"],
      ["--target="],
      ["--target", "x86_64-unknown-linux-musl"],
      ["--target", ARM, "more"],
      ["--tarrget", ARM],
      [ARM],
    ]
  ) {
    assertThrows(() => readTarget(args, X86), UsageError, "Cannot");
  }
});

Deno.test("readTarget() rejects a machine that the program does not run on", () => {
  assertThrows(
    () => readTarget([], "aarch64-apple-darwin"),
    UsageError,
    `Cannot compile for "aarch64-apple-darwin"`,
  );
});

Deno.test("outputName() names the processor of another machine", () => {
  assertEquals(outputName(X86, X86), "azure-provisioning");
  assertEquals(outputName(ARM, X86), "azure-provisioning-aarch64");
  assertEquals(outputName(X86, ARM), "azure-provisioning-x86_64");
});

Deno.test("permissions have a reason and never allow everything", () => {
  for (const { flag, reason } of permissions) {
    assert(reason.length > 0, flag);
    assert(!["-A", "--allow-all", "--allow-ffi"].includes(flag), flag);
  }
});
