import { assertEquals, assertStringIncludes } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

installTest(
  "refuses a folder that is a link to none, and names it; takes one that leads somewhere",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, {
      "usr/local": "-> ../var/usrlocal",
      "var/lib/x": "",
    });
    const before = await snapshot(root);
    for (const args of [[], ["--dry-run"], ["--prefix=/usr/local/sub"]]) {
      const { code, stderr } = await install(args);
      assertEquals(code, 73, stderr);
      assertStringIncludes(
        stderr,
        `${root}/usr/local is a link to ../var/usrlocal, which does not exist`,
      );
      assertEquals(await snapshot(root), before);
    }
    assertEquals((await install(["--prefix=/usr"])).code, 0);
    await install(["--prefix=/usr", "--uninstall"]);
    assertEquals(await snapshot(root), before);

    await Deno.mkdir(`${root}/var/usrlocal`);
    const made = await snapshot(root);
    assertEquals((await install()).code, 0);
    assertEquals(
      (await Deno.stat(`${root}/var/usrlocal/bin/azure-provisioning`)).isFile,
      true,
    );
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), made);
  },
);

installTest(
  "refuses links that lead in a circle, and files in a folder's place",
  async ({ root, dir, install }) => {
    for (
      const [name, files] of Object.entries({
        circle: { "opt": "-> srv", "srv": "-> opt" },
        file: { "opt": "a file\n" },
        outside: { "opt": "-> ../../../../../../../../nowhere/at/all" },
      })
    ) {
      const tree = `${dir}/${name}`;
      await makeTree(tree, BARE, INITS["systemd"]!, files);
      const before = await snapshot(tree);
      const { code, stderr } = await install(
        ["--root", tree, "--prefix=/opt/az"],
      );
      assertEquals(code, 73, stderr);
      assertStringIncludes(stderr, `${tree}/opt is `);
      assertEquals(await snapshot(tree), before);
    }
    assertEquals(root.startsWith(dir), true);
  },
);

installTest(
  "follows a symlinked /etc inside of the tree",
  async ({ root, dir, install }) => {
    const outside = `${dir}/outside`;
    await makeTree(outside, { "x": "x" });
    const { "etc/hostname": _, ...bare } = BARE;
    await makeTree(root, bare, INITS["systemd"]!, {
      "etc": `-> ${outside}`,
      [`${outside.slice(1)}/hostname`]: "image\n",
    });
    const before = await snapshot(root);
    const { code, stderr } = await install();
    assertEquals(code, 0, stderr);
    const unit = `${outside}/systemd/system/azure-provisioning.service`;
    assertEquals((await Deno.stat(root + unit)).isFile, true);
    assertEquals((await snapshot(outside)).length, 1);
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "takes trees whose path holds blanks, patterns and quotes, and relative ones",
  async ({ root, dir, binary, install, run }) => {
    for (const name of ["a b", "[x]*?", 'it\'s "$(x)"', "-dash", "\\n"]) {
      const tree = `${dir}/${name}`;
      await makeTree(
        tree,
        BARE,
        ...["systemd", "busybox", "s6"].map((init) => INITS[init]!),
      );
      const before = await snapshot(tree);
      const { code, stderr } = await install(["--root", tree]);
      assertEquals(code, 0, stderr);
      const script = new URL("../../install.sh", import.meta.url).pathname;
      const relative = await run(
        [script, "--root", `./${name}`, "--binary", binary],
        {},
        ["env", "-C", dir],
      );
      assertEquals(relative.code, 0, relative.stderr);
      assertStringIncludes(relative.stdout, `${tree}/usr/local/bin/azure-p`);
      const undone = await install(["--root", tree, "--uninstall"]);
      assertEquals([undone.code, undone.stderr], [0, ""]);
      assertEquals(await snapshot(tree), before);
    }
    assertEquals(root.startsWith(dir), true);
  },
);

installTest(
  "a dry run changes no folder, not even its mode",
  async ({ root, dir, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await Deno.mkdir(`${dir}/tools`);
    for (const tool of ["chmod", "mkdir", "mv", "ln", "cp", "touch"]) {
      await Deno.writeTextFile(
        `${dir}/tools/${tool}`,
        `#!/bin/sh\necho "${tool} $*" >>"$LOG"\n`,
        { mode: 0o755 },
      );
    }
    const env = { LOG: `${dir}/log`, PATH: `${dir}/tools:/usr/bin:/bin` };
    assertEquals((await install(["--dry-run"], env)).code, 0);
    assertEquals(await Deno.readTextFile(`${dir}/log`).catch(() => ""), "");
  },
);
