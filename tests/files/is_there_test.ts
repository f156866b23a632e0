import { assertEquals } from "@std/assert";
import { isFolder, isThere } from "../../lib/files/is_there.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("isThere() sees a file, a folder and a link that leads nowhere, and nothing else", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await Deno.symlink("nowhere", `${dir.path}/link`);
  assertEquals(
    ["", "/file", "/link", "/none", "/none/below"]
      .map((name) => isThere(`${dir.path}${name}`)),
    [true, true, true, false, false],
  );
});

Deno.test("isThere() takes what cannot be looked at for something", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  assertEquals(isThere(`${dir.path}/file/below`), true);
});

Deno.test("isFolder() takes folders, and links to them, and nothing else", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await Deno.symlink(dir.path, `${dir.path}/link`);
  await Deno.symlink(`${dir.path}/nowhere`, `${dir.path}/dangling`);
  const folders = ["", "/link", "/file", "/dangling", "/nothing", "/file/x"]
    .filter((name) => isFolder(dir.path + name));
  assertEquals(folders, ["", "/link"]);
});
