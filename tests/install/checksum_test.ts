import { assertEquals, assertStringIncludes } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree, snapshot } from "./_tree.ts";

installTest(
  "refuses a program with a wrong checksum",
  async ({ root, binary, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.writeFile(binary, elf("x86_64", "another program"));
    const before = await snapshot(root);
    const { code, stderr } = await install(["--force"]);
    assertEquals(code, 65);
    assertStringIncludes(stderr, "the SHA-256 of");
    assertStringIncludes(stderr, "copy the program again");
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "refuses a program without a checksum, unless forced",
  async ({ root, dir, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.remove(`${dir}/SHA256SUMS`);
    const { code, stderr } = await install();
    assertEquals(code, 65);
    assertStringIncludes(stderr, "SHA256SUMS is missing");
    assertEquals((await install(["--force"])).code, 0);
  },
);

installTest(
  "refuses a program that is none, or not there",
  async ({ root, dir, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.writeTextFile(`${dir}/text`, "text\n");
    assertEquals((await install(["--binary", `${dir}/text`])).code, 65);
    assertEquals((await install(["--binary", `${dir}/absent`])).code, 64);
  },
);

installTest(
  "finds the checksum in a last line without a newline",
  async ({ root, dir, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const sums = await Deno.readTextFile(`${dir}/SHA256SUMS`);
    await Deno.writeTextFile(`${dir}/SHA256SUMS`, sums.trimEnd());
    assertEquals((await install(["--dry-run"])).code, 0);
  },
);
