import { assertEquals, assertThrows } from "@std/assert";
import { readTrusted } from "../../lib/files/trusted_file.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { type TempDir, tempDir } from "../helpers/temp_dir.ts";

const IS_ROOT = Deno.uid() === 0;
const STRANGER = 54_321;

if (!IS_ROOT) {
  console.error(
    "Tests of files that are somebody else's are skipped: they need root, to give files away",
  );
}

function trustTest(
  what: string,
  test: (dir: TempDir, path: string) => Promise<void> | void,
  { ignore = false } = {},
): void {
  Deno.test({
    name: `readTrusted() ${what}`,
    ignore,
    fn: async () => {
      await using dir = await tempDir();
      const path = `${dir.path}/file`;
      await Deno.writeTextFile(path, "x", { mode: 0o644 });
      await test(dir, path);
    },
  });
}

function refused(path: string, why: string): void {
  assertThrows(() => readTrusted(path, 10), Error, why);
}

function read(path: string): string {
  return new TextDecoder().decode(readTrusted(path, 10));
}

trustTest(
  "reads a file that only its owner can write, also by way of links",
  async (dir, path) => {
    assertEquals(read(path), "x");
    await Deno.mkdir(`${dir.path}/folder`);
    await Deno.symlink("folder/..", `${dir.path}/up`);
    await Deno.symlink(`${dir.path}/up/file`, `${dir.path}/link`);
    assertEquals(read(`${dir.path}//link`), "x");
    assertEquals(read(`${dir.path}/folder/../up/./link`), "x");
  },
);

trustTest("reads a file below the current folder", (_dir, path) => {
  const back = Deno.cwd().split("/").slice(1).map(() => "..").join("/");
  assertEquals(read(`${back}${path}`), "x");
});

for (
  const [mode, who] of [
    [0o664, "group "],
    [0o646, "everybody"],
    [0o666, "everybody"],
    [0o602, "everybody"],
  ] as const
) {
  trustTest(
    `refuses a file of the mode ${mode.toString(8)}`,
    async (dir, path) => {
      await Deno.chmod(path, mode);
      refused(path, `it is writable by ${who}`);
      await Deno.symlink("file", `${dir.path}/link`);
      refused(`${dir.path}/link`, `"${path}" is writable by ${who}`);
    },
  );
}

trustTest(
  "refuses a file in a folder that others can write, unless that is sticky",
  async (dir, path) => {
    await Deno.mkdir(`${dir.path}/open`);
    await Deno.rename(path, `${dir.path}/open/file`);
    await Deno.chmod(`${dir.path}/open`, 0o777);
    refused(
      `${dir.path}/open/file`,
      `its folder "${dir.path}/open" is writable by everybody`,
    );
    // Not only the one that it is in.
    await Deno.mkdir(`${dir.path}/open/inner`);
    await Deno.symlink("inner/../../open/file", `${dir.path}/open/link`);
    refused(`${dir.path}/open/link`, "is writable by everybody");
    await Deno.chmod(`${dir.path}/open`, 0o1777);
    assertEquals(read(`${dir.path}/open/file`), "x");
  },
);

trustTest("refuses what is no file, and waits for none", async (dir, path) => {
  await makePipe(`${dir.path}/pipe`);
  await Deno.symlink("pipe", `${dir.path}/to-pipe`);
  await Deno.symlink("loop", `${dir.path}/loop`);
  refused(`${dir.path}/pipe`, "it is not a file");
  refused(`${dir.path}/to-pipe`, "it is not a file");
  refused(dir.path, "it is not a file");
  refused("/dev/null", "it is not a file");
  refused(`${dir.path}/loop`, "it is behind too many links");
  refused(`${dir.path}/none`, "No such file");
  await Deno.writeTextFile(path, "x".repeat(11));
  refused(path, "it is over 10 bytes");
});

trustTest(
  "refuses a file, a folder and a link that are somebody else's",
  async (dir, path) => {
    await Deno.chown(path, STRANGER, STRANGER);
    refused(path, `it belongs to user ${STRANGER}, not to root`);
    await Deno.chown(path, 0, 0);
    const folder = `${dir.path}/theirs`;
    await Deno.mkdir(folder);
    await Deno.symlink(path, `${folder}/link`);
    assertEquals(read(`${folder}/link`), "x");
    await Deno.chown(folder, STRANGER, STRANGER);
    refused(
      `${folder}/link`,
      `its folder "${folder}" belongs to user ${STRANGER}`,
    );
    await Deno.chown(folder, 0, 0);
    const { success } = await new Deno.Command("chown", {
      args: ["-h", String(STRANGER), `${folder}/link`],
    }).output();
    assertEquals(success, true);
    refused(
      `${folder}/link`,
      `the link "${folder}/link" belongs to user ${STRANGER}`,
    );
  },
  { ignore: !IS_ROOT },
);
