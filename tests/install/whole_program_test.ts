import { assertEquals, assertStringIncludes } from "@std/assert";
import { run as runCommand } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { BINARY } from "../helpers/vm.ts";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree, snapshot } from "./_tree.ts";
import { sha256 } from "../../tools/build/checksums.ts";

const WHOLE = elf("x86_64", "the program");

/** Programs that cannot work, each with a checksum of its own, and what is said of it. */
const DAMAGED: Readonly<Record<string, readonly [Uint8Array, string]>> = {
  "that was stripped": [WHOLE.slice(0, -24), "it was stripped or cut off"],
  "that was cut off": [WHOLE.slice(0, -1), "it was stripped or cut off"],
  "whose end is empty": [
    new Uint8Array([...WHOLE.slice(0, -24), ...new Uint8Array(24)]),
    "it was stripped or cut off",
  ],
  "that is a head and nothing else": [
    elf("x86_64").slice(0, 20),
    "it was cut off",
  ],
  "that is packed": [elf("x86_64", "....UPX!"), "it is packed with UPX"],
};

for (const [name, [bytes, says]] of Object.entries(DAMAGED)) {
  installTest(`refuses a program ${name}`, async (given) => {
    const { root, binary, dir, install, run } = given;
    await makeTree(root, BARE, INITS["systemd"]!);
    await replaceProgram(binary, bytes);
    const before = await snapshot(root);
    const { code, stderr } = await install(["--force"]);
    assertEquals(code, 65, stderr);
    assertStringIncludes(stderr, `${binary} cannot work: ${says}`);
    assertEquals(await snapshot(root), before);

    await makeTree(`${dir}/other`, {
      "etc/machine-id": "",
      "usr/local/bin/azure-provisioning": new Uint8Array(bytes),
    });
    const check = await run(
      [`${ROOT}install.sh`, "--check", "--root", `${dir}/other`],
    );
    assertEquals(check.code, 1);
    assertStringIncludes(
      check.stdout,
      `failure program: ${dir}/other/usr/local/bin/azure-provisioning cannot work: ${says}`,
    );
  });
}

const STRIP = (await runCommand("sh", ["-c", "command -v strip"])).code === 0;
if (!STRIP) console.error("The real program is not stripped: strip is missing");

Deno.test({
  name:
    "install.sh refuses the compiled program after strip, and takes it before",
  ignore: !STRIP,
  fn: async () => {
    const temp = await Deno.makeTempDir();
    try {
      await Deno.copyFile(BINARY, `${temp}/azure-provisioning`);
      const isWhole = async () =>
        (await runCommand("sh", [
          "-ec",
          `for part in words printable messages paths program; do . "$0/image/$part.sh"; done
          is_whole_program "$1" || { echo "$why_not"; exit 1; }`,
          ROOT,
          `${temp}/azure-provisioning`,
        ])).stdout;
      assertEquals(await isWhole(), "");
      await runCommand("strip", [`${temp}/azure-provisioning`]);
      assertStringIncludes(await isWhole(), "it was stripped or cut off");
    } finally {
      await Deno.remove(temp, { recursive: true });
    }
  },
});

async function replaceProgram(
  binary: string,
  bytes: Uint8Array,
): Promise<void> {
  await Deno.writeFile(binary, bytes);
  await Deno.writeTextFile(
    binary.replace(/[^/]*$/, "SHA256SUMS"),
    `${await sha256(new Uint8Array(bytes))}  azure-provisioning\n`,
  );
}
