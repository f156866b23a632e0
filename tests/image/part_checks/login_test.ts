import { assertMatch } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { type Files, makeTree, PROGRAM } from "../_tree.ts";
import { saidOfParts } from "./_said_of_parts.ts";

shellTest(
  "check warns of what lets nobody in whom it does not know, and of nothing else",
  async (shell, folder) => {
    const saidOf = async (name: string, text: string, files: Files = {}) =>
      (await saidOfParts(shell, `${folder}/${name}`, {
        "/usr/sbin/sshd": PROGRAM,
        "/etc/ssh/sshd_config": text,
        ...files,
      }))["login"]!;
    const good = [
      "",
      "#AllowUsers bob",
      "AllowUsers *",
      "AllowUsers bob\nAllowUsers az*",
      "AllowGroups ops sudo",
      'AllowGroups "wheel"',
      "DenyUsers root",
      "AuthenticationMethods publickey,password publickey",
      "Match User bob\nAllowUsers bob",
    ];
    for (const [number, text] of good.entries()) {
      assertMatch(await saidOf(`good${number}`, text), /^ok: /, text);
    }
    const bad = [
      "AllowUsers bob alice",
      "  allowgroups\tops",
      "AuthenticationMethods publickey,password",
      "DenyUsers *",
      "DenyGroups guests sudo",
    ];
    for (const [number, text] of bad.entries()) {
      assertMatch(
        await saidOf(`bad${number}`, `Port 22\n${text}\n`),
        /^warning: sshd may let the admin user of a VM not in: \S+\/etc\/ssh\/sshd_config has "/,
        text,
      );
    }
    assertMatch(
      await saidOf("nologin", "", { "/etc/nologin": "" }),
      /^warning: \S+\/etc\/nologin keeps everybody but root out; remedy: remove it$/,
    );
    assertMatch(
      await saidOf("out", "AllowUsers bob", {
        "/etc/azure-provisioning.conf": "without = login\n",
      }),
      /^ok: the part login is excluded/,
    );
  },
);

shellTest(
  "check says which folder on the way to a home nobody may search",
  async (shell, folder) => {
    const root = `${folder}/way`;
    const files = { "/var/home/x": "", "/home": "-> var/home" };
    for (
      const [path, mode, isClosed] of [
        ["/var/home", 0o700, true],
        ["/var/home", 0o750, true],
        ["/var", 0o700, true],
        ["", 0o700, true],
        ["/var", 0o711, false],
        ["/var", 0o755, false],
      ] as const
    ) {
      await Deno.mkdir(root, { recursive: true });
      await Deno.chmod(root, 0o755);
      await makeTree(root, files);
      await Deno.chmod(`${root}${path}`, mode);
      const line = (await saidOfParts(shell, root, {}))["login"]!;
      if (isClosed) {
        assertMatch(
          line,
          new RegExp(
            `^warning: only root may search ${root}${path}, .*remedy: .*chmod o\\+x ${root}${path}$`,
          ),
        );
      } else assertMatch(line, /^ok: /);
      await Deno.remove(root, { recursive: true });
    }
  },
);
