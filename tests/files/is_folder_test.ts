import { assertEquals } from "@std/assert";
import { isFolder } from "../../lib/files/is_folder.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("isFolder() takes folders, and links to them, and nothing else", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await Deno.symlink(dir.path, `${dir.path}/link`);
  await Deno.symlink(`${dir.path}/nowhere`, `${dir.path}/dangling`);
  const folders = ["", "/link", "/file", "/dangling", "/nothing", "/file/x"]
    .filter((name) => isFolder(dir.path + name));
  assertEquals(folders, ["", "/link"]);
});
