import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

const LEVELS = [2, 3, 4, 5];

/** The links that lead to the script, in the levels that it is in. */
async function links(root: string): Promise<string[]> {
  return (await snapshot(`${root}/etc`))
    .filter((line) => /^rc.*azure-provisioning ->/.test(line))
    .map((line) => line.slice(0, line.indexOf("azure-provisioning")));
}

async function rename(root: string, from: string, to: string): Promise<void> {
  for (const level of LEVELS) {
    const links = `${root}/etc/rc${level}.d`;
    await Deno.rename(
      `${links}/${from}azure-provisioning`,
      `${links}/${to}azure-provisioning`,
    );
  }
}

async function generalize({ root, run }: InstallCase): Promise<string> {
  const { code, stdout, stderr } = await run(
    [`${ROOT}install.sh`, "--generalize", "--root", root, "--yes"],
  );
  assertEquals(code, 0, stderr);
  return stdout;
}

const all = (link: string) => LEVELS.map((level) => `rc${level}.d/${link}`);

installTest(
  "names the SysV script where startpar looks, and takes the name back",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["sysv"]!);
    const targets = `${root}/etc/init.d/.depend.start`;
    const before = await Deno.readTextFile(targets);
    await install();
    assertEquals(
      await Deno.readTextFile(targets),
      before.replace(" ssh\n", " ssh azure-provisioning\n"),
    );
    // As insserv may write it later.
    await Deno.writeTextFile(
      targets,
      before.replace("rsyslog", "rsyslog azure-provisioning"),
    );
    await install(["--uninstall"]);
    assertEquals(await Deno.readTextFile(targets), before);
  },
);

installTest(
  "SysV: a link that insserv numbered anew is enabled, and stays the only one",
  async (given) => {
    const { root, install } = given;
    await makeTree(root, BARE, INITS["sysv"]!, { "etc/hostname": "localhost" });
    const before = await snapshot(root);
    await install();
    await rename(root, "S01", "S03");
    await install();
    assertEquals(await links(root), all("S03"));
    assertEquals((await generalize(given)).includes("first-boot unit"), false);
    assertEquals(await links(root), all("S03"));

    // As a package's script and a hand may have left them.
    const level = `${root}/etc/rc3.d`;
    for (const odd of ["S20", "K01", "K80"]) {
      await Deno.symlink(
        "../init.d/azure-provisioning",
        `${level}/${odd}azure-provisioning`,
      );
    }
    await install();
    assertEquals(await links(root), all("S03"));
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "SysV: what is disabled in one level only is enabled again in all",
  async (given) => {
    const { root, install } = given;
    await makeTree(root, BARE, INITS["sysv"]!);
    await install();
    await Deno.rename(
      `${root}/etc/rc2.d/S01azure-provisioning`,
      `${root}/etc/rc2.d/K05azure-provisioning`,
    );
    assertEquals((await generalize(given)).includes("first-boot unit"), true);
    assertEquals(await links(root), all("S01"));
  },
);

installTest(
  "SysV: the script says whether this VM is provisioned, and leaves its links alone",
  async ({ root, dir, install, run }) => {
    await makeTree(root, BARE, INITS["sysv"]!);
    await install();
    const installed = await Deno.readTextFile(
      `${root}/etc/init.d/azure-provisioning`,
    );
    assertEquals(installed.includes("/etc/rc"), false);
    // Its path leads to one of the test's: it must not be this machine's.
    const path = "this_vm=/usr/local/lib/azure-provisioning/this-vm";
    assertEquals(installed.includes(`${path}\n`), true);
    await Deno.writeTextFile(
      `${dir}/script`,
      installed.replace(path, `this_vm="${dir}/this-vm"`),
    );
    for (
      const [status, words] of [
        [0, "this VM is provisioned"],
        [3, "this VM is not provisioned"],
        [4, "cannot tell whether this VM is provisioned"],
      ] as const
    ) {
      await Deno.writeTextFile(
        `${dir}/this-vm`,
        `#!/bin/sh\n[ "$*" = is-provisioned ] && exit ${status}\n`,
        { mode: 0o755 },
      );
      const { code, stdout } = await run([`${dir}/script`, "status"]);
      assertEquals([code, stdout], [status, `azure-provisioning: ${words}\n`]);
    }
  },
);
