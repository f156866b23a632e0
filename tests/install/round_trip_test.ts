import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { INITS_IN_TREES } from "../boot/_inits.ts";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

for (const [init, { tree, startedBy }] of Object.entries(INITS_IN_TREES)) {
  installTest(
    `finds ${init}, enables the unit, and takes all back`,
    async ({ root, install }) => {
      await makeTree(root, BARE, tree);
      const before = await snapshot(root);

      const first = await install();
      assertEquals({ ...first, stdout: "", stderr: "" }, {
        code: 0,
        stdout: "",
        stderr: "",
      }, first.stderr);
      assertStringIncludes(first.stdout, `Init: ${init}\n`);
      const installed = await snapshot(root);
      assert(
        installed.some((line) => line.includes(startedBy)),
        installed.join("\n"),
      );
      assert(
        installed.some((line) =>
          line.startsWith("usr/local/bin/azure-provisioning 100755 ")
        ),
      );

      const second = await install();
      assertEquals(second.code, 0, second.stderr);
      assertEquals(await snapshot(root), installed);
      assertEquals(/^(write|link|make|add|remove)/m.test(second.stdout), false);

      const third = await install(["--uninstall"]);
      assertEquals(third.code, 0, third.stderr);
      assertEquals(await snapshot(root), before);

      const fourth = await install(["--uninstall"]);
      assertEquals(fourth.code, 0);
      assertStringIncludes(fourth.stdout, "Nothing to uninstall");
    },
  );
}

installTest(
  "serves several inits at once, and takes all back",
  async ({ root, install }) => {
    // Those that have no file in common.
    const inits = Object.keys(INITS_IN_TREES)
      .filter((init) => !["busybox", "openrc", "sysv"].includes(init)).sort();
    await makeTree(root, BARE, ...inits.map((init) => INITS[init]!));
    const before = await snapshot(root);
    const { code, stdout, stderr } = await install();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `Init: ${inits.join(" ")}\n`);
    const installed = await snapshot(root);
    for (const init of inits) {
      assert(
        installed.some((line) =>
          line.includes(INITS_IN_TREES[init]!.startedBy)
        ),
        init,
      );
    }
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "takes the inits that are named, by list and repeated",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const { code, stdout, stderr } = await install(
      ["--init", "s6,runit", "--init=dinit", "--init", "s6"],
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "Init: s6 runit dinit\n");
    assertStringIncludes(stderr, "the unit for dinit is untested");
  },
);

installTest(
  "gives a busybox without an inittab its built-in lines, and takes all back",
  async ({ root, install }) => {
    const { "etc/inittab": _, ...busybox } = INITS["busybox"]!;
    await makeTree(root, BARE, busybox);
    const before = await snapshot(root);
    assertEquals((await install()).code, 0);
    const inittab = await Deno.readTextFile(`${root}/etc/inittab`);
    assertStringIncludes(inittab, "::sysinit:/etc/init.d/rcS\n");
    assertStringIncludes(inittab, INITS_IN_TREES["busybox"]!.startedBy);
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "leaves on --uninstall what was changed since, and says so",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await install();
    const unit = `${root}/etc/systemd/system/azure-provisioning.service`;
    await Deno.writeTextFile(unit, "# mine\n");
    const { code, stderr } = await install(["--uninstall"]);
    assertEquals(code, 0);
    assertStringIncludes(stderr, `${unit} has changed since`);
    assertEquals(await Deno.readTextFile(unit), "# mine\n");
  },
);

installTest(
  "takes back what the units leave after a boot that succeeded",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["sysv"]!);
    const before = await snapshot(root);
    await install();
    for (const level of [2, 3, 4, 5]) {
      const links = `${root}/etc/rc${level}.d`;
      await Deno.rename(
        `${links}/S01azure-provisioning`,
        `${links}/K01azure-provisioning`,
      );
    }
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "replaces an earlier version of its own",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const before = await snapshot(root);
    await install();
    const unit = `${root}/etc/systemd/system/azure-provisioning.service`;
    const current = await Deno.readTextFile(unit);
    // As if an earlier version had put other text there.
    await Deno.writeTextFile(unit, "# earlier\n");
    const manifest = `${root}/usr/local/lib/azure-provisioning/manifest`;
    const sum = [
      ...new Uint8Array(
        await crypto.subtle.digest(
          "SHA-256",
          new TextEncoder().encode("# earlier\n"),
        ),
      ),
    ].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    await Deno.writeTextFile(
      manifest,
      (await Deno.readTextFile(manifest)).replace(
        /^file \S+ (\/etc\/systemd\/system\/azure-provisioning\.service)$/m,
        `file ${sum} $1`,
      ),
    );
    const { code, stderr } = await install();
    assertEquals(code, 0, stderr);
    assertEquals(await Deno.readTextFile(unit), current);
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

for (const folder of ["usr/share/man", "usr/local/share/man"]) {
  installTest(
    `installs the man pages where there is ${folder}, and takes them back`,
    async ({ root, install }) => {
      await makeTree(root, BARE, INITS["systemd"]!, {
        [`${folder}/man1/other.1`]: ".TH OTHER 1\n",
      });
      const before = await snapshot(root);
      const { code, stderr } = await install();
      assertEquals(code, 0, stderr);
      const pages = (await snapshot(root))
        .map((line) => line.split(" ")[0]!)
        .filter((path) => /\/man\d\/azure-/.test(path));
      assertEquals(pages, [
        "usr/local/share/man/man5/azure-provisioning.conf.5",
        "usr/local/share/man/man8/azure-provisioning-install.8",
        "usr/local/share/man/man8/azure-provisioning.8",
      ]);
      assertEquals(
        await Deno.readTextFile(`${root}/${pages[2]}`),
        await Deno.readTextFile(`${ROOT}docs/man/azure-provisioning.8`),
      );
      await install(["--uninstall"]);
      assertEquals(await snapshot(root), before);
    },
  );
}
