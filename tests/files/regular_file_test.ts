import { assertEquals, assertThrows } from "@std/assert";
import { regularFileReader } from "../../lib/files/regular_file.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const read = await regularFileReader();

for (const size of [0, 1, 8]) {
  Deno.test(`regularFileReader() reads a file of ${size} bytes where 8 are allowed`, async () => {
    await using dir = await tempDir();
    const bytes = new Uint8Array(size).fill(7);
    await Deno.writeFile(`${dir.path}/file`, bytes);
    assertEquals(read(`${dir.path}/file`, 8), bytes);
  });
}

Deno.test("regularFileReader() refuses a file that is too large, also one that says it is empty", async () => {
  await using dir = await tempDir();
  await Deno.writeFile(`${dir.path}/file`, new Uint8Array(9));
  assertThrows(() => read(`${dir.path}/file`, 8), Error, "it is over 8 bytes");
  assertThrows(() => read("/proc/self/status", 8), Error, "it is over 8 bytes");
});

for (
  const [what, make] of [
    ["a pipe", makePipe],
    ["a folder", Deno.mkdir],
    ["a link to a file", (path: string) => Deno.symlink("/etc/passwd", path)],
  ] as const
) {
  Deno.test(`regularFileReader() refuses ${what} at once`, async () => {
    await using dir = await tempDir();
    await make(`${dir.path}/it`);
    assertThrows(() => read(`${dir.path}/it`, 8));
  });
}

Deno.test("regularFileReader() refuses a device", () => {
  assertThrows(() => read("/dev/zero", 8), Error, "it is not a file");
});

Deno.test("regularFileReader() says that a file is not there", () => {
  assertThrows(() => read("/nowhere/at/all", 8), Error, "ENOENT");
});
