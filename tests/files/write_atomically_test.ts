import { assert, assertEquals, assertThrows } from "@std/assert";
import { fileProblem } from "../../lib/files/file_problem.ts";
import {
  temporaryPathOf,
  writeAtomically,
} from "../../lib/files/write_atomically.ts";
import { tempDir } from "../helpers/temp_dir.ts";

async function names(dir: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map(({ name }) => name).sort();
}

async function modeOf(path: string): Promise<number> {
  return (await Deno.stat(path)).mode! & 0o7777;
}

Deno.test("temporaryPathOf() names a hidden file in the same folder", () => {
  assertEquals(
    temporaryPathOf("/etc/hostname"),
    "/etc/.hostname.azure-provisioning",
  );
  assertEquals(temporaryPathOf("/a"), "/.a.azure-provisioning");
});

Deno.test("writeAtomically() writes a new file, and leaves nothing beside it", async () => {
  await using dir = await tempDir();
  writeAtomically(`${dir.path}/a`, "\u00e4\n", { mode: 0o644 });
  assertEquals(await Deno.readTextFile(`${dir.path}/a`), "\u00e4\n");
  assertEquals(await names(dir.path), ["a"]);
});

Deno.test("writeAtomically() writes a text of any length", async () => {
  await using dir = await tempDir();
  for (const text of ["", "x".repeat(3_000_000)]) {
    writeAtomically(`${dir.path}/a`, text, { mode: 0o644 });
    assertEquals(await Deno.readTextFile(`${dir.path}/a`), text);
  }
});

for (const mode of [0o600, 0o640, 0o644, 0o755, 0o666]) {
  Deno.test(`writeAtomically() gives the file the mode ${mode.toString(8)}, whatever the umask and the old file's`, async () => {
    await using dir = await tempDir();
    const path = `${dir.path}/a`;
    writeAtomically(path, "new", { mode });
    assertEquals(await modeOf(path), mode);
    await Deno.chmod(path, 0o400);
    writeAtomically(path, "newer", { mode });
    assertEquals(await modeOf(path), mode);
  });
}

for (const mode of [0o600, 0o664]) {
  Deno.test(`writeAtomically() keeps the mode ${mode.toString(8)} of a file that is there, if it is to`, async () => {
    await using dir = await tempDir();
    const path = `${dir.path}/a`;
    await Deno.writeTextFile(path, "old");
    await Deno.chmod(path, mode);
    writeAtomically(path, "new", { mode: 0o644, keepOwnerAndMode: true });
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(await modeOf(path), mode);
  });
}

Deno.test("writeAtomically() gives a file that is new its mode, even if it is to keep the old one's", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  writeAtomically(path, "new", { mode: 0o640, keepOwnerAndMode: true });
  assertEquals(await modeOf(path), 0o640);
});

Deno.test("writeAtomically() takes no mode from what a link leads to", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(`${dir.path}/target`, "old");
  await Deno.chmod(`${dir.path}/target`, 0o600);
  await Deno.symlink(`${dir.path}/target`, path);
  writeAtomically(path, "new", { mode: 0o644, keepOwnerAndMode: true });
  assertEquals(await modeOf(path), 0o644);
});

Deno.test({
  name:
    "writeAtomically() keeps the owner and the group of a file that is there",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using dir = await tempDir();
    const path = `${dir.path}/a`;
    await Deno.writeTextFile(path, "old");
    await Deno.chown(path, 1234, 5678);
    writeAtomically(path, "new", { mode: 0o644, keepOwnerAndMode: true });
    const { uid, gid } = await Deno.stat(path);
    assertEquals([uid, gid], [1234, 5678]);
    writeAtomically(path, "newer", { mode: 0o644 });
    assertEquals((await Deno.stat(path)).uid, 0);
  },
});

Deno.test("writeAtomically() puts a new file in the old one's place, which readers still see whole", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(path, "old");
  using reader = await Deno.open(path);
  writeAtomically(path, "new", { mode: 0o644 });
  const buffer = new Uint8Array(9);
  const count = await reader.read(buffer);
  assertEquals(new TextDecoder().decode(buffer.subarray(0, count!)), "old");
  assertEquals(await Deno.readTextFile(path), "new");
});

Deno.test("writeAtomically() takes away a temporary file that a crash left", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(temporaryPathOf(path), "a longer, stale text");
  writeAtomically(path, "new", { mode: 0o644 });
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(await names(dir.path), ["a"]);
});

Deno.test("writeAtomically() does not write through a link in the temporary file's place", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(`${dir.path}/victim`, "untouched");
  await Deno.symlink(`${dir.path}/victim`, temporaryPathOf(path));
  writeAtomically(path, "new", { mode: 0o644 });
  assertEquals(await Deno.readTextFile(`${dir.path}/victim`), "untouched");
  assertEquals(await Deno.readTextFile(path), "new");
  assert(!(await Deno.lstat(path)).isSymlink);
});

Deno.test("writeAtomically() replaces a symbolic link, and does not follow it", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(`${dir.path}/target`, "untouched");
  await Deno.symlink(`${dir.path}/target`, path);
  writeAtomically(path, "new", { mode: 0o644 });
  assert((await Deno.lstat(path)).isFile);
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(await Deno.readTextFile(`${dir.path}/target`), "untouched");
});

Deno.test("writeAtomically() replaces a link that leads nowhere", async () => {
  await using dir = await tempDir();
  await Deno.symlink(`${dir.path}/nowhere`, `${dir.path}/a`);
  writeAtomically(`${dir.path}/a`, "new", { mode: 0o644 });
  assertEquals(await names(dir.path), ["a"]);
});

Deno.test("writeAtomically() leaves what was there if it cannot replace it", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.mkdir(path);
  await Deno.writeTextFile(`${path}/b`, "old");
  assertThrows(() => writeAtomically(path, "new", { mode: 0o644 }));
  assertEquals(await Deno.readTextFile(`${path}/b`), "old");
  assertEquals(await names(dir.path), ["a"]);
});

Deno.test("writeAtomically() leaves the old file if the temporary one cannot be made", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(path, "old");
  await Deno.mkdir(temporaryPathOf(path));
  await Deno.writeTextFile(`${temporaryPathOf(path)}/b`, "");
  assertThrows(() => writeAtomically(path, "new", { mode: 0o644 }));
  assertEquals(await Deno.readTextFile(path), "old");
});

Deno.test("writeAtomically() throws where there is no folder", async () => {
  await using dir = await tempDir();
  assertThrows(
    () => writeAtomically(`${dir.path}/no/a`, "", { mode: 0o644 }),
    Deno.errors.NotFound,
  );
  await Deno.writeTextFile(`${dir.path}/file`, "");
  assertThrows(() =>
    writeAtomically(`${dir.path}/file/a`, "", { mode: 0o644 })
  );
});

Deno.test("fileProblem() gives the system's words, but for a permission that was not compiled in", () => {
  assertEquals(fileProblem(new Error("No space left")), "No space left");
  assertEquals(
    fileProblem(new Deno.errors.NotCapable("Requires write access to ...")),
    "the program was compiled without the permission for this path",
  );
});

Deno.test("writeAtomically() without sync also writes the whole file, and leaves nothing beside it", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/a`;
  await Deno.writeTextFile(path, "older and longer");
  writeAtomically(path, "new", { mode: 0o644, sync: false });
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(await names(dir.path), ["a"]);
});
