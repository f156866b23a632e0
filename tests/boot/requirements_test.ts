import { assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { succeed } from "../helpers/command.ts";
import { DHCP_RECIPES } from "./_dhcp_clients.ts";
import { makeImage } from "./_image.ts";
import { INIT_RECIPES, PLAIN_RECIPE } from "./_recipes.ts";
import { QEMU_RECIPES } from "./qemu/_machines.ts";
import { rootOf, unwantedPrograms } from "./_roots.ts";

const REQUIREMENTS = await Deno.readTextFile(
  `${ROOT}docs/requirements.md`,
);
const PROGRAM = "/usr/local/bin/azure-provisioning";
const VM = {
  vmId: "66666666-ffff-4fff-8fff-666666666666",
  computerName: "bare-vm",
};

for (
  const recipe of [
    ...INIT_RECIPES,
    ...DHCP_RECIPES,
    ...QEMU_RECIPES,
  ]
) {
  bootTest(
    `${recipe.name}: the root has no Python, no Node, no curl`,
    async () => {
      assertEquals(await unwantedPrograms(await rootOf(recipe)), []);
    },
  );
}

bootTest(
  "what the program needs of a root are the libraries of docs/requirements.md, and no more",
  async () => {
    await using image = await makeImage(PLAIN_RECIPE);
    await using machine = await image.makeMachine();
    const all = await succeed("chroot", [machine.tree, "ldd", "-v", PROGRAM]);
    const own = all.split(`\t${PROGRAM}:\n`)[1]!.split(/^\t\//m)[0]!;
    const libraries = unique(
      [...own.matchAll(/^\t\t(\S+) \(/gm)].map((match) => match[1]!),
    );
    const byPackage = await packagesOf(machine.tree, all);
    const named = libraries.map((it) =>
      byPackage.get(it) === "libc6"
        ? it.replace(/(-x86-64|-aarch64)?\.so.*/, "")
        : it
    );
    const row = /^\| libraries +\|(.*)\|$/m.exec(REQUIREMENTS)?.[1] ?? "";
    assertEquals(
      unique([...row.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)),
      unique(named),
    );

    const versions = [...own.matchAll(/GLIBC_2\.(\d+)/g)].map((match) =>
      Number(match[1])
    );
    assertMatch(
      REQUIREMENTS,
      new RegExp(`^\\| glibc +\\| 2\\.${Math.max(...versions)} or later`, "m"),
    );

    // What it has loaded while it runs says whether there is more than its header names.
    const platform = { ...VM, faults: ["hang"] };
    const loaded = await withBoot(machine, { platform }, async (boot) => {
      await boot.until(
        "the first request",
        () => boot.platform!.seen().lines.length > 0,
        BOOT_MS,
      );
      return boot.programLibraries();
    });
    assertEquals(loaded, libraries);
  },
);

/** The Debian package that each library comes from. */
async function packagesOf(
  tree: string,
  ldd: string,
): Promise<Map<string, string>> {
  const names = unique(
    [...ldd.matchAll(/\/(\S+\/)?([^\s/]+\.so[.0-9]*)/g)].map((match) =>
      match[2]!
    ),
  );
  const found = new Map<string, string>();
  for (const name of names) {
    const line = (await succeed("chroot", [tree, "dpkg", "-S", `*/${name}`]))
      .split("\n")[0]!;
    found.set(name, line.split(":")[0]!);
  }
  return found;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
