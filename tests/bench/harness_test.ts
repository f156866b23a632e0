import { assertEquals, assertRejects } from "@std/assert";
import { makeField } from "./_make.ts";
import { measure, measuringObstacle } from "./_measure.ts";
import { timed, weighed } from "./_samples.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const OBSTACLE = measuringObstacle();
if (OBSTACLE !== undefined) {
  console.error(`Tests of the benchmark are skipped: ${OBSTACLE}`);
}

Deno.test({
  name: "the benchmark measures a round, and leaves this machine as it was",
  ignore: OBSTACLE !== undefined,
  fn: async () => {
    const outside = Deno.hostname();
    await using folder = await tempDir();
    const { entries } = await makeField({
      folder: folder.path,
      only: ["ours", "empty", "c"],
    });
    const samples = await measure({
      ...{ entries, rounds: 1, cold: "evict", delayMs: 20 },
      traces: folder.path,
      conditions: ["cold", "warm", "memory", "delayed"],
    });
    assertEquals(Deno.hostname(), outside);
    for (const { name } of entries) {
      for (const condition of ["cold", "warm", "delayed"] as const) {
        const [run] = timed(samples, name, condition);
        assertEquals(run!.wallMs > 0 && run!.cpuMs > 0, true, name);
      }
    }
    const [memory] = weighed(samples, "ours");
    if (memory !== undefined) {
      const { residentBytes, unevictableBytes } = memory;
      assertEquals(unevictableBytes > 1e6, true, `${unevictableBytes}`);
      assertEquals(unevictableBytes < residentBytes, true, `${residentBytes}`);
    }
    const [delayed] = timed(samples, "ours", "delayed");
    assertEquals(delayed!.wallMs > 40, true, `${delayed!.wallMs}`);
  },
});

Deno.test({
  name: "the benchmark refuses to count a run that did not report",
  ignore: OBSTACLE !== undefined,
  fn: async () => {
    await using folder = await tempDir();
    const { entries } = await makeField({
      folder: folder.path,
      only: ["empty"],
    });
    await assertRejects(
      () =>
        measure({
          entries: entries.map((it) => ({ ...it, reports: true })),
          ...{ rounds: 1, cold: "evict", delayMs: 0 },
          traces: folder.path,
          conditions: ["warm"],
        }),
      Error,
      "Cannot measure",
    );
  },
});

Deno.test("the benchmark starts nothing outside of its namespaces", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--cached-only",
      "tests/bench/_inside.ts",
      JSON.stringify({
        entries: [],
        rounds: 0,
        outside: ["net", "uts", "mnt"].map((name) =>
          Deno.readLinkSync(`/proc/self/ns/${name}`)
        ),
      }),
    ],
  }).output();
  assertEquals(success, false);
  const words = new TextDecoder().decode(stderr);
  assertEquals(/Refusing to measure outside of a namespace/.test(words), true);
});
