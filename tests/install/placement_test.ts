import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

installTest(
  "puts everything below PREFIX, and the units say so",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, INITS["openrc"]!);
    const before = await snapshot(root);
    const { code, stderr } = await install([], { PREFIX: "/opt/azure" });
    assertEquals(code, 0, stderr);
    for (
      const [path, words] of [
        [
          "etc/systemd/system/azure-provisioning.service",
          "ExecStart=/opt/azure/bin/azure-provisioning\n",
        ],
        [
          "etc/init.d/azure-provisioning",
          "/opt/azure/lib/azure-provisioning/first-boot --wait ",
        ],
        [
          "opt/azure/lib/azure-provisioning/first-boot",
          "program=/opt/azure/bin/azure-provisioning\n",
        ],
        ["opt/azure/bin/azure-provisioning", "the program"],
      ] as const
    ) {
      assertStringIncludes(await Deno.readTextFile(`${root}/${path}`), words);
    }
    const installed = (await snapshot(root)).join("\n");
    assertEquals(/\/usr\/local\/(bin|lib)\//.test(installed), false);
    await install(["--uninstall"], { PREFIX: "/opt/azure" });
    assertEquals(await snapshot(root), before);
  },
);

installTest("takes the tree from DESTDIR", async ({ root, binary, run }) => {
  await makeTree(root, BARE, INITS["systemd"]!);
  const { code, stderr } = await run(
    [new URL("../../install.sh", import.meta.url).pathname, "--binary", binary],
    { DESTDIR: root },
  );
  assertEquals(code, 0, stderr);
  assert((await Deno.stat(`${root}/usr/local/bin/azure-provisioning`)).isFile);
});

installTest(
  "prints in a dry run what it would do, and does nothing",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, INITS["busybox"]!);
    const before = await snapshot(root);
    const { code, stdout } = await install(["--dry-run"]);
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `would write ${root}/usr/local/bin/azure-provisioning\n`,
    );
    assertEquals(await snapshot(root), before);

    await install();
    const installed = await snapshot(root);
    const undo = await install(["--uninstall", "--dry-run"]);
    assertEquals(undo.code, 0);
    assertStringIncludes(undo.stdout, "would remove ");
    assertEquals(await snapshot(root), installed);
  },
);

installTest(
  "with another PREFIX, what it says to run says so, and works",
  async ({ root, install, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    const script = `${ROOT}install.sh`;
    const { stdout } = await install(["--prefix", "/opt/azure/"]);
    assertStringIncludes(stdout, "install.sh --check --root ");
    const last = stdout.trimEnd().split("\n").at(-1)!;
    assertEquals(last.endsWith(" --prefix /opt/azure"), true, last);
    const args = ["--root", root, "--prefix=/opt/azure"];
    const check = await run([script, "--check", ...args]);
    assertStringIncludes(check.stdout, "ok program: ");
    assertStringIncludes(check.stdout, "ok checksum: ");

    await install(["--uninstall", "--prefix=/opt/azure"]);
    const missing = await run([script, "--check", ...args]);
    // It can be pasted, whatever folder one is in.
    const command = /install it: (.*) --prefix \/opt\/azure; or name/
      .exec(missing.stdout)?.[1];
    const again = await run(["-c", `cd / && ${command} --dry-run`]);
    assertStringIncludes(again.stdout, `would write ${root}`);
  },
);

installTest(
  "--check and --generalize take --prefix, and refuse what install.sh refuses",
  async ({ root, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    for (const tool of ["--check", "--generalize"]) {
      const start = [`${ROOT}install.sh`, tool, "--root", root];
      for (const prefix of ["/a b", "usr", "/a/../b", "/tmp/x", "/"]) {
        for (
          const { code, stderr } of [
            await run([...start, "--prefix", prefix]),
            await run(start, { PREFIX: prefix }),
          ]
        ) {
          assertEquals(code, 64, `${tool} ${prefix}`);
          assertStringIncludes(stderr, "PREFIX");
        }
      }
    }
    const { code, stdout } = await run(
      [`${ROOT}install.sh`, "--generalize", "--root", root, "--prefix=/opt/x"]
        .concat("--dry-run"),
    );
    assertEquals(code, 0, stdout);
  },
);

installTest(
  "--uninstall names the service for SSH host keys that --generalize put there",
  async ({ root, install, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!, {
      "usr/sbin/sshd": "#!/bin/sh\n",
      "usr/bin/ssh-keygen": "#!/bin/sh\n",
      "etc/ssh/ssh_host_rsa_key": "rsa",
      "usr/lib/systemd/system/ssh.service": "[Service]\n",
    });
    await install();
    const left = await run(
      [`${ROOT}install.sh`, "--generalize", "--root", root, "--yes"],
    );
    assertEquals(left.code, 0, left.stderr);
    const unit =
      `${root}/etc/systemd/system/azure-provisioning-host-keys.service`;
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await install(["--uninstall"]);
      assertEquals(code, 0);
      assertStringIncludes(
        stdout,
        `Stays, because --generalize installed it for SSH`,
      );
      assertStringIncludes(stdout, `: ${unit}\n`);
      assertEquals((await Deno.stat(unit)).isFile, true);
    }
  },
);
