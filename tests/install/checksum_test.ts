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

/** Lists of checksums as people have them, and whether they are understood. */
const LISTS: Readonly<
  Record<string, readonly [(sum: string) => string, boolean]>
> = {
  "as sha256sum writes it of a binary file": [
    (sum) => `${sum} *azure-provisioning\n`,
    true,
  ],
  "with the ends of lines and the capitals of Windows": [
    (sum) => `${sum.toUpperCase()}  azure-provisioning\r\n`,
    true,
  ],
  "made in the folder, as ./NAME": [
    (sum) => `${sum}  ./azure-provisioning\n`,
    true,
  ],
  "made above the folder": [
    (sum) => `${sum}  dist/azure-provisioning\n`,
    true,
  ],
  "that lists others as well": [
    (sum) =>
      `${"0".repeat(64)}  azure-provisioning.gz\n${sum}  azure-provisioning\n${
        "1".repeat(64)
      }  not-azure-provisioning\n`,
    true,
  ],
  "in BSD's form": [(sum) => `SHA256 (azure-provisioning) = ${sum}\n`, false],
  "with a sum and no name": [(sum) => `${sum}\n`, false],
  "that is a web page": [() => "<html>404</html>\n", false],
  "that is empty": [() => "", false],
};

for (const [name, [write, understood]] of Object.entries(LISTS)) {
  installTest(
    `${understood ? "understands" : "refuses"} a list of checksums ${name}`,
    async ({ root, dir, install }) => {
      await makeTree(root, BARE, INITS["systemd"]!);
      const list = `${dir}/SHA256SUMS`;
      const [sum = ""] = (await Deno.readTextFile(list)).split(" ");
      await Deno.writeTextFile(list, write(sum));
      const { code, stdout, stderr } = await install(["--dry-run"]);
      assertEquals(code, understood ? 0 : 65, stderr);
      if (understood) assertStringIncludes(stdout, "SHA-256 matches");
      else assertStringIncludes(stderr, "has no line for azure-provisioning");
    },
  );
}

/** What lies where the program should be, by its first bytes, and what is said of it. */
const OTHERS: readonly (readonly [string, string])[] = [
  ["\x1f\x8b\x08\0\0\0\0\0", "is compressed: unpack it"],
  ["\xfd7zXZ\0\0\x04", "is compressed: unpack it"],
  ["\x28\xb5\x2f\xfd\0\0\0\0", "is compressed: unpack it"],
  ["PK\x03\x04\0\0\0\0", "is compressed: unpack it"],
  ["<!DOCTYPE html>", "seems to be a web page"],
  ["version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS"],
  ["MZ\x90\0\x03\0\0\0", "a program for another system"],
  ["\xcf\xfa\xed\xfe\x0c\0\0\x01", "a program for another system"],
  ["#!/bin/sh\n", "is not a Linux program\n"],
];

installTest(
  "says what lies in the program's place",
  async ({ root, dir, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    for (const [head, says] of OTHERS) {
      const bytes = Uint8Array.from(head, (it) => it.charCodeAt(0));
      await Deno.writeFile(`${dir}/other`, bytes);
      const { code, stderr } = await install(["--binary", `${dir}/other`]);
      assertEquals(code, 65);
      assertStringIncludes(stderr, says);
    }
  },
);
