import { assert, assertEquals } from "@std/assert";
import { DENO_FLAGS, ROOT } from "../helpers/program.ts";

/** What the program may grow by for the worst input, the input itself included, in bytes. */
const MAX_GROWTH = 96 * 1024 * 1024;

Deno.test("hostile input makes the program no larger than a first boot may be", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-all", // /proc/self/status needs it.
      "--v8-flags=--expose-gc,--max-old-space-size=128",
      ...DENO_FLAGS,
      "tests/fuzz/_peak.ts",
    ],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  const growth = Number(decoder.decode(stdout));
  assert(growth > 0 && growth < MAX_GROWTH, `it grew by ${growth} bytes`);
});
