import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  readBounded,
  readStreamBounded,
} from "../../lib/files/read_bounded.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("readBounded() reads a file up to its limit, and none that is over it", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/file`;
  for (const length of [0, 1, 4096, 70_000]) {
    const bytes = new Uint8Array(length).fill(7);
    await Deno.writeFile(path, bytes);
    assertEquals(readBounded(path, length), bytes);
    assertEquals(readBounded(path, length + 1), bytes);
    if (length === 0) continue;
    assertThrows(
      () => readBounded(path, length - 1),
      TypeError,
      `it is over ${length - 1} bytes`,
    );
  }
});

Deno.test("readBounded() holds to its limit whatever size a file claims to have", () => {
  assertEquals(Deno.statSync("/proc/self/mountinfo").size, 0);
  const all = readBounded("/proc/self/mountinfo", 1024 * 1024);
  assertEquals(all.length > 100, true);
  assertThrows(
    () => readBounded("/proc/self/mountinfo", 50),
    TypeError,
    "it is over 50 bytes",
  );
});

Deno.test("readBounded() neither waits for a pipe nor reads a device, also behind a link", async () => {
  await using dir = await tempDir();
  await makePipe(`${dir.path}/pipe`);
  await Deno.symlink("/dev/zero", `${dir.path}/zero`);
  await Deno.symlink("pipe", `${dir.path}/link`);
  for (const name of ["pipe", "link", "zero", ""]) {
    assertThrows(
      () => readBounded(`${dir.path}/${name}`, 10),
      TypeError,
      "it is not a file",
    );
  }
});

/** A stream that gives some bytes at a time. */
function streamOf(length: number, step: number) {
  let left = length;
  return {
    read(buffer: Uint8Array): Promise<number | null> {
      const count = Math.min(left, step, buffer.length);
      left -= count;
      return Promise.resolve(count === 0 ? null : count);
    },
  };
}

Deno.test("readStreamBounded() reads a stream up to its limit, and refuses a longer one", async () => {
  for (const length of [0, 1, 9, 10]) {
    const bytes = await readStreamBounded(streamOf(length, 3), 10);
    assertEquals(bytes.length, length);
  }
  await assertRejects(
    () => readStreamBounded(streamOf(Infinity, 3), 10),
    TypeError,
    "it is over 10 bytes",
  );
});
