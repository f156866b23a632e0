import { assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../helpers/command.ts";
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

/** The scripts, with how each is asked for. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  "install.sh": [],
  "image/check.sh": ["--check"],
  "image/generalize.sh": ["--generalize", "--yes"],
};

installTest(
  "changes nothing if any part of the release is missing or empty, and names it",
  async ({ root, dir, binary, run }) => {
    const release = `${dir}/release`;
    await copyRelease(release);
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

installTest(
  "changes nothing if any part of the release was cut off, and fails",
  async ({ root, dir, binary, run }) => {
    const release = `${dir}/release`;
    await copyRelease(release);
    await makeTree(root, BARE, INITS["systemd"]!);
    const before = await snapshot(root);
    const fails = async (file: string, text: string, cut: number) => {
      const path = `${release}/${file}`;
      await Deno.writeTextFile(path, text.slice(0, cut));
      const actions = file in SCRIPTS ? [SCRIPTS[file]!] : loadedBy(file);
      for (const action of actions) {
        const args = action.length === 0 ? ["--binary", binary] : action;
        const { code, stdout, stderr } = await run(
          [`${release}/install.sh`, "--root", root, ...args],
        );
        const where = `${file} ${cut} ${args}: ${stdout}${stderr}`;
        assertEquals(code, file in SCRIPTS ? 2 : 78, where);
        if (!(file in SCRIPTS)) {
          assertStringIncludes(stderr, file, where);
          assertStringIncludes(stderr, "copy the whole release folder", where);
        }
        assertEquals(await snapshot(root), before, where);
      }
      await Deno.writeTextFile(path, text);
    };
    for (const file of [...PARTS, "install.sh", ...CUT_OFF]) {
      const text = await Deno.readTextFile(`${ROOT}${file}`);
      await fails(file, text, text.length - 12);
      if (!/\.sh$/.test(file)) continue;
      // Between two functions, it is a script still.
      const end = text.lastIndexOf("\n}\n\n");
      if (end > 0) await fails(file, text, end + 3);
    }
  },
);

/** What no script reads to its end before it needs it. */
const CUT_OFF: readonly string[] = [
  ...Object.keys(INITS).map((init) => `units/${init}/init.sh`),
  "units/systemd/azure-provisioning.service",
  "units/common/this-vm",
  "units/common/userdata",
];

/** The actions that run a part. */
function loadedBy(file: string): readonly (readonly string[])[] {
  const name = file.slice(file.lastIndexOf("/") + 1, -".sh".length);
  if (file.startsWith("units/")) {
    return file.endsWith(".sh") ? Object.values(SCRIPTS) : [[]];
  }
  return Object.entries(SCRIPTS).filter(([script]) =>
    new RegExp(`(^|[ '\n])${name}([ ';\n]|$)`, "m").test(
      LISTS[script]!,
    )
  ).map(([_, action]) => action);
}

/** The list of parts in each script. */
const LISTS: Readonly<Record<string, string>> = Object.fromEntries(
  await Promise.all(
    Object.keys(SCRIPTS).map(async (script) => {
      const text = await Deno.readTextFile(`${ROOT}${script}`);
      return [
        script,
        /(?:^parts=|for part in )(environment[^]*?)(?:'|; do)/m.exec(
          text.replace("parts='", "parts="),
        )![1]!,
      ];
    }),
  ),
);

/** Copies what install.sh needs. */
async function copyRelease(release: string): Promise<void> {
  await Deno.mkdir(release);
  await succeed("cp", [
    "-R",
    ...["install.sh", "image", "units"].map((name) => `${ROOT}${name}`),
    release,
  ]);
}
