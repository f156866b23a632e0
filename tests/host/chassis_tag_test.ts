import { assertEquals } from "@std/assert";
import { isChassisOfAnother } from "../../lib/host/chassis_tag.ts";
import { runProgram } from "../../lib/host/run_program.ts";
import type { Host } from "../../lib/host/host.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const AZURES = "7783-7084-3265-9085-8269-3286-77";
const { signal } = new AbortController();

/** Contents of the tag's file, and whether they prove that the chassis is another platform's. */
const TAGS: readonly (readonly [tag: string, isAnothers: boolean])[] = [
  [`${AZURES}\n`, false],
  [AZURES, false],
  [` ${AZURES}  \n`, false],
  [`${AZURES}\0\n`, false],
  ["", false],
  ["\n", false],
  ["        \n", false],
  ["\0\n", false],
  ["\u00ff\n", false],
  ["3127-5914-0423-8816-2941-5150-64\n", true],
  [`${AZURES.slice(0, -1)}\n`, true],
  ["No Asset Tag\n", true],
  ["Amazon EC2", true],
];

const HOSTS: readonly (readonly [string, Pick<Host, "run">])[] = [
  ["grep", { run: runProgram }],
  ["busybox's grep", {
    run: (name, { args, ...options }) =>
      runProgram("busybox", { ...options, args: [name, ...args] }),
  }],
];

for (const [grep, host] of HOSTS) {
  Deno.test({
    name:
      `isChassisOfAnother() recognises only another platform's tag, with ${grep}`,
    ignore: grep !== "grep" && missingProgram(["busybox"]) !== undefined,
    fn: async () => {
      await using dir = await tempDir();
      const path = `${dir.path}/tag`;
      for (const [tag, isAnothers] of TAGS) {
        await Deno.writeTextFile(path, tag);
        const found = await isChassisOfAnother(host, { signal, path });
        assertEquals(found, isAnothers, JSON.stringify(tag));
      }
    },
  });
}

Deno.test("isChassisOfAnother() reads files in /sys, whose sizes are wrong", async () => {
  const path = "/sys/kernel/mm/transparent_hugepage/enabled";
  const isThere = await Deno.stat(path).then(() => true, () => false);
  const found = await isChassisOfAnother({ run: runProgram }, { signal, path });
  assertEquals(found, isThere);
});

Deno.test("isChassisOfAnother() is false without a tag", async () => {
  await using dir = await tempDir();
  for (const path of [dir.path, `${dir.path}/none`]) {
    const host = { run: runProgram };
    assertEquals(await isChassisOfAnother(host, { signal, path }), false, path);
  }
});

Deno.test("isChassisOfAnother() is false if grep is missing or fails", async () => {
  for (
    const end of [
      { kind: "absent" },
      { kind: "failed", reason: "exit status 1" },
    ] as const
  ) {
    const host = { run: () => Promise.resolve(end) };
    assertEquals(await isChassisOfAnother(host, { signal }), false);
  }
});
