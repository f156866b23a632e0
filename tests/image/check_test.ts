import { assert, assertEquals, assertMatch } from "@std/assert";
import { elf } from "../helpers/elf.ts";
import { ROOT } from "../helpers/program.ts";
import { type Check, checks } from "./_check.ts";
import { run, runOnTree, shellTest } from "./_shells.ts";
import { type Files, makeTree, readTree, USED_IMAGE, WANTS } from "./_tree.ts";

/** An image that is ready, as far as its files say. */
const READY: Files = {
  "/sbin/init": "-> ../lib/systemd/systemd",
  "/lib/systemd/systemd": "#!/bin/sh\n",
  "/lib/systemd/systemd-networkd": "#!/bin/sh\n",
  "/lib/systemd/systemd-timesyncd": "#!/bin/sh\n",
  "/lib/modules/5.4.0-1": undefined,
  "/lib/modules/5.10.0-9-amd64": undefined,
  "/usr/sbin/sshd": "#!/bin/sh\n",
  "/lib/systemd/system/ssh.service": "ExecStartPre=/usr/bin/ssh-keygen -A\n",
  "/etc/systemd/system/multi-user.target.wants/ssh.service":
    "-> /lib/systemd/system/ssh.service",
  "/boot/vmlinuz-5.10.0-9-amd64": "",
  "/usr/bin/hostname": "#!/bin/sh\n",
  "/usr/bin/systemctl": "#!/bin/sh\n",
  "/usr/sbin/useradd": "#!/bin/sh\n",
  "/etc/machine-id": "",
  "/etc/systemd/network/80-dhcp.network":
    "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
    "-> x",
  "/etc/systemd/system/azure-provisioning.service": "[Service]\n",
  "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service":
    "-> ../azure-provisioning.service",
};

/** What of the image itself is checked; the rest is install.sh's. */
const OWN = [
  "unit",
  "kernel",
  "console_questions",
  "resolver",
  "dhcp_enabled",
  "mac_addresses",
  "interface_names",
  "clock",
  "time_sync",
  "entropy",
  "mark",
  "user_data",
  "machine_id",
  "host_keys",
  "leftovers",
  "user",
  "homes",
  "sudo",
  "ssh_keys",
  "login",
  "dns",
  "telemetry",
];

shellTest(
  "check finds nothing wrong with an image that is ready",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, READY);
    const before = await readTree(root);
    const { all } = await checks(shell, root);
    for (const name of OWN) {
      assertEquals(all[name]!.status, "ok", JSON.stringify(all[name]));
    }
    assertEquals(await readTree(root), before);
  },
);

shellTest("check tells what install.sh checks, too", async (shell, folder) => {
  await makeTree(`${folder}/tree`, READY);
  const { all } = await checks(shell, `${folder}/tree`);
  for (const name of ["libc", "libraries", "host_name_tool", "reporters"]) {
    assert(name in all, name);
  }
  assertEquals(all["libc"]!.status, "failure");
  assertEquals(all["program"]!.status, "failure");
});

shellTest("check finds what an earlier VM left", async (shell, folder) => {
  await makeTree(`${folder}/tree`, USED_IMAGE);
  const { code, all } = await checks(shell, `${folder}/tree`);
  assertEquals(code, 1);
  assertEquals(all["unit"]!.status, "failure");
  for (
    const name of [
      "mark",
      "user_data",
      "machine_id",
      "host_keys",
      "leftovers",
      "entropy",
    ]
  ) {
    assertEquals(all[name]!.status, "warning", name);
  }
  assertEquals(all["mark"]!.remedy.includes("--generalize"), true);
});

shellTest(
  "generalize mends what check finds of an earlier VM",
  async (shell, folder) => {
    await makeTree(`${folder}/tree`, USED_IMAGE);
    await runOnTree(shell, "generalize.sh", `${folder}/tree`, ["--yes"]);
    const { all } = await checks(shell, `${folder}/tree`);
    for (
      const name of [
        "unit",
        "mark",
        "user_data",
        "machine_id",
        "host_keys",
        "leftovers",
      ]
    ) {
      assertEquals(all[name]!.status, "ok", JSON.stringify(all[name]));
    }
  },
);

shellTest(
  "check says whether a VM runs its user data",
  async (shell, folder) => {
    const off = `${folder}/off`;
    await makeTree(off, READY);
    assertMatch(
      (await checks(shell, off)).all["user_data"]!.message,
      /^no VM runs its user data/,
    );
    const on = `${folder}/on`;
    await makeTree(on, {
      ...READY,
      [`${WANTS}/azure-provisioning-userdata.service`]:
        "-> /etc/systemd/system/azure-provisioning-userdata.service",
    });
    assertMatch(
      (await checks(shell, on)).all["user_data"]!.message,
      /^a VM runs its user data once/,
    );
  },
);

shellTest(
  "check fails where nobody could log in, and where no unit is installed",
  async (shell, folder) => {
    const image: Record<string, string | undefined> = {
      ...READY,
      "/lib/systemd/system/ssh.service": "ExecStart=/usr/sbin/sshd -D\n",
    };
    delete image["/etc/systemd/system/azure-provisioning.service"];
    await makeTree(`${folder}/tree`, image);
    const { all } = await checks(shell, `${folder}/tree`);
    assertEquals(all["host_keys"]!.status, "failure");
    assertMatch(all["host_keys"]!.message, /nobody can log in/);
    assertEquals(all["unit"]!.status, "failure");
    assertMatch(all["unit"]!.message, /not installed for: systemd/);
  },
);

shellTest(
  "check holds the program against the manifest",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, { ...READY, "/opt/lib/azure-provisioning/x": "" });
    const program = `${root}/opt/bin/azure-provisioning`;
    await Deno.mkdir(`${root}/opt/bin`);
    // The head of a program for x86_64: nothing of it is started.
    await Deno.writeFile(program, elf("x86_64"), { mode: 0o755 });
    const { stdout } = await run(["/usr/bin/sha256sum", program]);
    const manifest = `${root}/opt/lib/azure-provisioning/manifest`;
    const record = (sum: string) =>
      Deno.writeTextFile(manifest, `file ${sum} /opt/bin/azure-provisioning\n`);

    await record(stdout.slice(0, 64));
    const args = ["--prefix=/opt"];
    const good = await checks(shell, root, args);
    assertEquals(good.all["program"]!.status, "ok");
    assertEquals(good.all["checksum"]!.status, "ok");
    assertEquals("architecture" in good.all, true);

    await record("0".repeat(64));
    const changed = await checks(shell, root, args);
    assertEquals(changed.all["checksum"]!.status, "failure");

    await Deno.chmod(program, 0o644);
    const bad = await checks(shell, root, args);
    assertMatch(bad.all["program"]!.message, /not executable/);
  },
);

shellTest(
  "check prints one line each, whatever the paths hold",
  async (shell, folder) => {
    for (
      const [number, name] of [
        "a\nb",
        "\u0001\u001b\u007f\t",
        '"\\',
        "\u00e9\u{1f600}",
        "'$(x)",
      ].entries()
    ) {
      const root = `${folder}/${number}${name}`;
      await makeTree(root, USED_IMAGE);
      const { all } = await checks(shell, root);
      assertMatch(all["mark"]!.message, /provisioned\.json is the mark/);
      // As it is printed: who takes it out of the JSON prints it, too.
      const shown = `${folder}/${number}${
        name.replace("\n", "\\n").replace("\t", "\\t")
          .replace(
            // deno-lint-ignore no-control-regex
            /[\x00-\x1f\x7f]/g,
            (it) => `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`,
          )
      }`;
      assertEquals(all["mark"]!.message.startsWith(shown), true);
      const { code, stdout } = await runOnTree(shell, "check.sh", root);
      assertEquals(code, 1);
      const lines = stdout.trimEnd().split("\n");
      assertMatch(lines.pop()!, /^This image is not ready for Azure: /);
      for (const line of lines) {
        assertMatch(line, /^(ok|warning|failure) [a-z_]+: /);
      }
    }
  },
);

shellTest(
  "a path that is no UTF-8 makes valid JSON all the same",
  async (shell, folder) => {
    const json =
      `text=$(printf 'a\\377\\303\\251\\355\\240\\200\\300\\257\\303'); . "$1/printable.sh"; . "$1/json.sh"; json_string "$text"`;
    const { stdout, stderr } = await run([
      ...shell.command,
      "-c",
      json,
      "sh",
      `${ROOT}image`,
    ], { PATH: shell.path });
    assertEquals(stderr, "");
    assertEquals(
      JSON.parse(stdout),
      "a\\xff\u00e9\\xed\\xa0\\x80\\xc0\\xaf\\xc3",
    );
    assertEquals(folder.startsWith("/tmp/"), true);
  },
);

shellTest("check refuses wrong usage", async (shell, folder) => {
  await makeTree(`${folder}/tree`, READY);
  for (const args of [["--unknown"], ["x"], ["--prefix"], ["--prefix=x"]]) {
    const { code } = await runOnTree(shell, "check.sh", `${folder}/tree`, args);
    assertEquals(code, 64, args.join(" "));
  }
});

shellTest(
  "check tells failures first, then warnings, then the rest, and ends with a verdict",
  async (shell, folder) => {
    await makeTree(`${folder}/used`, USED_IMAGE);
    const kinds = ["failure", "warning", "ok"];
    for (const args of [[], ["--quiet"]]) {
      const { stdout } = await runOnTree(
        shell,
        "check.sh",
        `${folder}/used`,
        args,
      );
      const lines = stdout.trimEnd().split("\n");
      const verdict = lines.pop()!;
      const seen = lines.map((line) => kinds.indexOf(line.split(" ")[0]!));
      assertEquals(seen, seen.toSorted(), stdout);
      assertEquals(new Set(seen).size, args.length === 0 ? 3 : 2);
      const count = (kind: number) => seen.filter((it) => it === kind).length;
      assertEquals(
        verdict,
        `This image is not ready for Azure: ${count(0)} failures, ${
          count(1)
        } warnings.`,
      );
    }
    const json = await runOnTree(shell, "check.sh", `${folder}/used`, [
      "--json",
    ]);
    const seen = JSON.parse(json.stdout).map(({ status }: Check) =>
      kinds.indexOf(status)
    );
    assertEquals(seen, seen.toSorted());
  },
);
