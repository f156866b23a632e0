import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree, snapshot } from "./_tree.ts";
import { sha256 } from "../../tools/build/checksums.ts";

const HERE = await Array.fromAsync(Deno.readDir(`${ROOT}units`));

const TOOLS = (await Array.fromAsync(Deno.readDir(`${ROOT}image`)))
  .map(({ name }) => name);

installTest(
  "works in a folder with nothing but its parts and the programs, and chooses the one for the tree",
  async ({ root, dir, run }) => {
    const release = `${dir}/release`;
    await copyRelease(release);
    const programs = {
      "azure-provisioning": elf("x86_64", "for x86_64"),
      "azure-provisioning-aarch64": elf("aarch64", "for aarch64"),
    };
    let sums = "";
    for (const [name, bytes] of Object.entries(programs)) {
      await Deno.writeFile(`${release}/${name}`, bytes);
      sums += `${await sha256(bytes)}  ${name}\n`;
    }
    await Deno.writeTextFile(`${release}/SHA256SUMS`, sums);
    const library = "usr/lib/aarch64-linux-gnu";
    await makeTree(root, BARE, INITS["systemd"]!, {
      "usr/bin/dash": elf("aarch64"),
      "usr/lib/ld-linux-aarch64.so.1": elf("aarch64"),
      [`${library}/libc.so.6`]: elf("aarch64", "\0GLIBC_2.17\0GLIBC_2.31\0"),
      [`${library}/libgcc_s.so.1`]: elf("aarch64"),
      [`${library}/libm.so.6`]: elf("aarch64"),
      [`${library}/libdl.so.2`]: elf("aarch64"),
      [`${library}/libpthread.so.0`]: elf("aarch64"),
      [`${library}/librt.so.1`]: elf("aarch64"),
    });
    const before = await snapshot(root);
    const { code, stdout, stderr } = await run(
      [`${release}/install.sh`, "--root", root],
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "glibc is 2.31");
    assertStringIncludes(
      await Deno.readTextFile(`${root}/usr/local/bin/azure-provisioning`),
      "for aarch64",
    );
    await run([`${release}/install.sh`, "--root", root, "--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest("says so where there is no program", async ({ root, dir, run }) => {
  await copyRelease(`${dir}/release`);
  await makeTree(root, BARE, INITS["systemd"]!);
  const { code, stderr } = await run(
    [`${dir}/release/install.sh`, "--root", root],
  );
  assertEquals(code, 64);
  assertStringIncludes(stderr, "name it with --binary FILE");
});

installTest(
  "hands --check and --generalize over, with every argument as it is",
  async ({ dir, run }) => {
    const release = `${dir}/release`;
    await copyRelease(release);
    for (const tool of ["check", "generalize"]) {
      await Deno.writeTextFile(
        `${release}/image/${tool}.sh`,
        `printf '${tool} <%s>\\n' "$@"; exit 3\n`,
      );
      const { code, stdout } = await run(
        [`${release}/install.sh`, `--${tool}`, "--root", "a b", "--help"],
      );
      assertEquals({ code, stdout }, {
        code: 3,
        stdout: `${tool} <--root>\n${tool} <a b>\n${tool} <--help>\n`,
      });
    }
  },
);

async function copyRelease(release: string): Promise<void> {
  await Deno.mkdir(`${release}/image`, { recursive: true });
  await Deno.copyFile(`${ROOT}install.sh`, `${release}/install.sh`);
  for (const tool of TOOLS) {
    await Deno.copyFile(
      `${ROOT}image/${tool}`,
      `${release}/image/${tool}`,
    );
  }
  for (const { name } of HERE) {
    await Deno.mkdir(`${release}/units/${name}`, { recursive: true });
    for await (const file of Deno.readDir(`${ROOT}units/${name}`)) {
      await Deno.copyFile(
        `${ROOT}units/${name}/${file.name}`,
        `${release}/units/${name}/${file.name}`,
      );
    }
  }
}
