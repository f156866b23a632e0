import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Host } from "../../lib/host/host.ts";
import { runProgram } from "../../lib/host/run_program.ts";
import type { CallFailure } from "../../lib/http/failure.ts";
import { CallError } from "../../lib/http/retry.ts";
import { explainPath } from "../../lib/network/explain_path.ts";
import { missingProgram } from "../helpers/missing_program.ts";

const IMDS = { hostname: "169.254.169.254", port: 80 };
const ABSENT: Pick<Host, "run"> = {
  run: () => Promise.resolve({ kind: "absent" }),
};

function errorOf(failure: CallFailure): CallError {
  return new CallError("Cannot get it; check", { key: "it", failure });
}

const SILENT = errorOf({ kind: "network", message: "Silent" });

for (
  const [grep, host] of [
    ["grep", { run: runProgram }],
    ["busybox's grep", {
      run: (name, { args, ...options }) =>
        runProgram("busybox", { ...options, args: [name, ...args] }),
    }],
  ] as const satisfies readonly (readonly [string, Pick<Host, "run">])[]
) {
  Deno.test({
    name: `explainPath() reads this machine's own tables, with ${grep}`,
    ignore: grep !== "grep" && missingProgram(["busybox"]) !== undefined,
    fn: async () => {
      const error = await explainPath(SILENT, IMDS, { host });
      assert(error instanceof CallError);
      assertEquals([error.key, error.failure], [SILENT.key, SILENT.failure]);
      assertStringIncludes(error.message, "Cannot get it; check; ");
      assertStringIncludes(error.message, "169.254.169.254");
    },
  });
}

Deno.test("explainPath() adds nothing if something answered, to the loopback, to a name, and without grep", async () => {
  const host = { run: runProgram };
  const heard = errorOf({ kind: "network", message: "", heard: true });
  const busy = errorOf({ kind: "status", status: 503, message: "" });
  const local = errorOf({ kind: "local", message: "" });
  const bug = new Error("a bug");
  for (const error of [heard, busy, local, bug]) {
    assertEquals(await explainPath(error, IMDS, { host }), error);
  }
  for (const hostname of ["127.0.0.1", "127.9.9.9", "localhost", "::1"]) {
    const endpoint = { hostname, port: 80 };
    assertEquals(await explainPath(SILENT, endpoint, { host }), SILENT);
  }
  assertEquals(await explainPath(SILENT, IMDS, { host: ABSENT }), SILENT);
});
