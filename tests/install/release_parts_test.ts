import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

const PARTS = (await Array.fromAsync(Deno.readDir(`${ROOT}image`)))
  .map(({ name }) => `image/${name}`).sort();

/** What a copy that was cut off lacks: files of every kind. */
const LACKING: readonly string[] = [
  ...PARTS,
  "units/systemd/init.sh",
  "units/openrc/init.sh",
  "units/systemd/azure-provisioning.service",
  "units/systemd/azure-provisioning-fallback.service",
  "units/common/this-vm",
  "units/common/userdata",
];

installTest(
  "changes nothing if any part of the release is missing or empty, and names it",
  async ({ root, dir, binary, run }) => {
    const release = `${dir}/release`;
    await Deno.mkdir(release);
    for (const name of ["install.sh", "image", "units"]) {
      await run(["-c", 'cp -R "$1" "$2"', "sh", `${ROOT}${name}`, release]);
    }
    await makeTree(root, BARE, INITS["systemd"]!);
    const before = await snapshot(root);
    const fails = async (file: string) => {
      const { code, stderr } = await run(
        [`${release}/install.sh`, "--root", root, "--binary", binary],
      );
      assertEquals(code, 78, `${file}: ${stderr}`);
      assertStringIncludes(stderr, file);
      assertStringIncludes(stderr.toLowerCase(), "copy the whole release");
      assertEquals(await snapshot(root), before, file);
    };
    for (const file of LACKING) {
      const path = `${release}/${file}`;
      await Deno.rename(path, `${dir}/kept`);
      await fails(file);
      if (!file.startsWith("image/") || file === PARTS[0]) {
        await Deno.writeTextFile(path, "");
        await fails(file);
      }
      await Deno.rename(`${dir}/kept`, path);
    }
    await Deno.remove(`${release}/units/common`, { recursive: true });
    await fails("units/common/this-vm");
  },
);
