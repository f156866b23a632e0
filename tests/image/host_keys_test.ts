import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { run, runOnTree, shellTest } from "./_shells.ts";
import { type Files, makeTree, readTree, USED_IMAGE } from "./_tree.ts";

const UNIT = "/etc/systemd/system/azure-provisioning-host-keys.service";

const SYSV_IMAGE: Files = {
  "/sbin/init": "#!/bin/sh\n",
  "/sbin/telinit": "#!/bin/sh\n",
  "/usr/sbin/sshd": "#!/bin/sh\n",
  "/usr/bin/ssh-keygen": "#!/bin/sh\n",
  "/etc/inittab": "",
  "/etc/rc2.d": undefined,
  "/etc/ssh/ssh_host_rsa_key": "rsa",
};

shellTest(
  "host keys stay where nothing would make new ones",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const { "/usr/lib/systemd/systemd": _, ...image } = USED_IMAGE;
    await makeTree(root, {
      ...image,
      "/etc/runit/2": "#!/bin/sh\n",
      "/usr/sbin/runit-init": "x",
    });
    await Deno.remove(`${root}/usr/sbin/init`);
    await Deno.symlink("runit-init", `${root}/usr/sbin/init`);
    const { stdout } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertStringIncludes(stdout, "with runit nothing would make new ones");
    assert((await readTree(root)).has("/etc/ssh/ssh_host_rsa_key"));
  },
);

shellTest(
  "where the distribution makes host keys, nothing is added",
  async (shell, folder) => {
    const systemd = "/usr/lib/systemd/system";
    for (
      const [name, files] of Object.entries({
        fedora: {
          [`${systemd}/ssh.service`]: "Wants=sshd-keygen.target\n",
          [`${systemd}/sshd-keygen@.service`]:
            "ConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n",
        },
        arch: {
          [`${systemd}/ssh.service`]: "Wants=sshdgenkeys.service\n",
          [`${systemd}/sshdgenkeys.service`]:
            "ExecStart=/usr/bin/ssh-keygen -A\n",
        },
        suse: {
          [`${systemd}/ssh.service`]:
            "ExecStartPre=/usr/sbin/sshd-gen-keys-start\n",
        },
        alpine: {
          "/usr/sbin/init": "-> busybox",
          "/sbin/openrc-run": "#!/bin/sh\n",
          "/etc/init.d/sshd": "#!/sbin/openrc-run\n\tssh-keygen -A\n",
        },
      })
    ) {
      const root = `${folder}/${name}`;
      const image: Record<string, string | undefined> = { ...USED_IMAGE };
      if (name === "alpine") delete image["/usr/lib/systemd/systemd"];
      await makeTree(root, { ...image, ...files });
      const { stdout } = await runOnTree(shell, "generalize.sh", root, [
        "--yes",
      ]);
      const after = await readTree(root);
      assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false, stdout);
      assertEquals(
        [...after.keys()].filter((it) => it.includes("host-keys")),
        [],
        name,
      );
    }
  },
);

shellTest(
  "with SysV init a service makes host keys, and startpar knows of it",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...SYSV_IMAGE,
      "/etc/init.d/.depend.start":
        "TARGETS = rsyslog ssh\nINTERACTIVE =\nssh: rsyslog\n",
    });
    const { code } = await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(code, 0);
    const name = "azure-provisioning-host-keys";
    assertEquals(
      await Deno.readTextFile(`${root}/etc/init.d/.depend.start`),
      `TARGETS = rsyslog ssh ${name}\nINTERACTIVE =\nssh: rsyslog ${name}\n`,
    );
    const after = await readTree(root);
    assertEquals(after.get(`/etc/rc2.d/S01${name}`), `-> ../init.d/${name}`);
    assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false);
    // As insserv may number it.
    for (const level of [2, 3, 4, 5]) {
      const links = `${root}/etc/rc${level}.d`;
      await Deno.rename(`${links}/S01${name}`, `${links}/S02${name}`);
    }
    const again = await runOnTree(shell, "generalize.sh", root);
    assertStringIncludes(again.stdout, "Nothing to do");
  },
);

shellTest(
  "a unit that waits for a first boot, or is turned off, does not count",
  async (shell, folder) => {
    const systemd = "/usr/lib/systemd/system";
    for (
      const [name, files] of Object.entries({
        debian13: {
          [`${systemd}/sshd-keygen.service`]:
            "ConditionFirstBoot=yes\nExecStart=ssh-keygen -A\n",
        },
        fedora: {
          [`${systemd}/ssh.service`]: "Wants=sshd-keygen.target\n",
          [`${systemd}/sshd-keygen@.service`]:
            "ConditionFileNotEmpty=|!/etc/ssh/ssh_host_%i_key\n",
          "/etc/sysconfig/sshd": "AUTOCREATE_SERVER_KEYS=NO\n",
        },
      })
    ) {
      const root = `${folder}/${name}`;
      await makeTree(root, { ...USED_IMAGE, ...files });
      await runOnTree(shell, "generalize.sh", root, ["--yes"]);
      const after = await readTree(root);
      assertEquals(after.has(UNIT), true, name);
      assertEquals(after.has("/etc/ssh/ssh_host_rsa_key"), false, name);
    }
  },
);

shellTest(
  "host keys stay on request, and those that are configured by hand",
  async (shell, folder) => {
    const files = {
      ...USED_IMAGE,
      "/etc/ssh/sshd_config": "HostKey /etc/ssh/ssh_host_mine_key\n",
      "/etc/ssh/ssh_host_mine_key": "mine",
    };
    await makeTree(`${folder}/1`, files);
    await runOnTree(shell, "generalize.sh", `${folder}/1`, ["--yes"]);
    const first = await readTree(`${folder}/1`);
    assertEquals(first.has("/etc/ssh/ssh_host_mine_key"), true);
    assertEquals(first.has("/etc/ssh/ssh_host_rsa_key"), false);
    await makeTree(`${folder}/2`, files);
    await runOnTree(shell, "generalize.sh", `${folder}/2`, [
      "--yes",
      "--keep-ssh-host-keys",
    ]);
    assertEquals(
      (await readTree(`${folder}/2`)).has("/etc/ssh/ssh_host_rsa_key"),
      true,
    );
  },
);

shellTest(
  "the service for host keys leaves out what the first-boot unit leaves out",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    const unset = async (path: string) =>
      (await Deno.readTextFile(path)).split("\n")
        .filter((line) => line.startsWith("UnsetEnvironment="));
    const wanted = await unset(
      `${ROOT}units/systemd/azure-provisioning.service`,
    );
    assert(wanted.length > 5);
    assertEquals(await unset(`${root}${UNIT}`), wanted);
    // What generalize.sh has written is what check.sh takes for whole.
    const again = await runOnTree(shell, "generalize.sh", root);
    assertStringIncludes(again.stdout, "Nothing to do");
  },
);

shellTest(
  "no variable of the environment has the SysV script make host keys",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...SYSV_IMAGE,
      "/usr/bin/ssh-keygen": `#!/bin/sh\n: >'${folder}/ran'\n`,
    });
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    const script = `${root}/etc/init.d/azure-provisioning-host-keys`;
    // Every path of this machine's is led away.
    const text = (await Deno.readTextFile(script))
      .replaceAll("/etc/", `${root}/etc/`)
      .replace("/usr/bin/ssh-keygen", `${root}/usr/bin/ssh-keygen`);
    await Deno.writeTextFile(script, text);
    const start = async () => {
      const { code, stderr } = await run(
        [...shell.command, script, "start"],
        { PATH: folder, ["missing"]: "yes", ["key"]: "x", ["server"]: "x" },
      );
      assertEquals([code, stderr], [0, ""]);
      return (await readTree(folder)).has("/ran");
    };
    for (const name of ["rsa", "ecdsa", "ed25519"]) {
      await Deno.writeTextFile(`${root}/etc/ssh/ssh_host_${name}_key`, "key");
    }
    assertEquals(await start(), false);
    await Deno.remove(`${root}/etc/ssh/ssh_host_rsa_key`);
    assertEquals(await start(), true);
  },
);
