import { assertEquals } from "@std/assert";
import { checksums } from "../../../tools/build/checksums.ts";
import { temporaryFolder } from "../_fixtures.ts";

Deno.test("checksums() writes lines that sha256sum reads, sorted by name", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/b`, "");
  await Deno.writeTextFile(`${folder.path}/a`, "abc");
  assertEquals(
    await checksums(folder.path, ["b", "a"]),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n" +
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n",
  );
});
