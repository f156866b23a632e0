import { assertEquals, assertMatch } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

const PARTS = [
  "user",
  "homes",
  "password",
  "sudo",
  "ssh_keys",
  "login",
  "dns",
  "media",
  "telemetry",
];
const PROGRAM = "#!/bin/sh\n";
/** The head of a program for x86_64: nothing of it is started. */
const BINARY = `\x7fELF\x02\x01\x01${"\0".repeat(11)}>${"\0".repeat(45)}`;

function withoutRemedy(message: string | undefined): string | undefined {
  return message?.replace(/; remedy: .*$/, "");
}

/** What is said of each part, and how. */
async function said(
  shell: Shell,
  root: string,
  files: Files,
): Promise<Record<string, string>> {
  await makeTree(root, { "/etc": undefined, ...files });
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root);
  assertEquals(stderr, "");
  return Object.fromEntries(
    stdout.split("\n").flatMap((line) => {
      const [, status, check = "", message] =
        /^(\w+) (\w+): (.*)$/.exec(line) ??
          [];
      return PARTS.includes(check) ? [[check, `${status}: ${message}`]] : [];
    }),
  );
}

shellTest(
  "check says of each part what it would work with",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/shadow`, {
      "/usr/sbin/useradd": PROGRAM,
      "/usr/sbin/chpasswd": PROGRAM,
      "/usr/bin/sudo": PROGRAM,
      "/etc/sudoers": "@includedir /etc/sudoers.d\n",
      "/usr/sbin/sshd": PROGRAM,
      "/etc/systemd/system/multi-user.target.wants/ssh.service": "-> x",
      "/etc/ssh/sshd_config":
        "#AuthorizedKeysFile none\nAuthorizedKeysFile\t.ssh/authorized_keys .ssh/authorized_keys2\nPubkeyAuthentication yes\n",
      "/usr/lib/systemd/systemd-networkd": PROGRAM,
      "/usr/bin/systemctl": PROGRAM,
      "/usr/sbin/dhcpcd": PROGRAM,
      "/usr/sbin/hv_kvp_daemon": PROGRAM,
    });
    assertEquals(Object.keys(all).sort(), PARTS.toSorted());
    assertEquals(all["user"], "ok: useradd creates the admin user of a VM");
    assertMatch(all["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(all["sudo"]!, /^ok: .* root with sudo$/);
    assertMatch(
      all["ssh_keys"]!,
      /^ok: sshd reads ~\/\.ssh\/authorized_keys, and is started by \S+\/ssh\.service$/,
    );
    assertMatch(all["dns"]!, /^ok: .* from: systemd-networkd dhcpcd$/);
    assertMatch(all["telemetry"]!, /^ok: hv_kvp_daemon tells the host/);
    const busybox = await said(shell, `${folder}/busybox`, {
      "/bin/busybox": BINARY,
      "/usr/sbin/adduser": "-> /bin/busybox",
      "/usr/sbin/chpasswd": "-> /bin/busybox",
      "/usr/bin/doas": PROGRAM,
      "/usr/bin/udhcpc": "-> /bin/busybox",
      "/usr/sbin/dropbear": PROGRAM,
      "/sbin/init": "-> /bin/busybox",
      "/etc/inittab": "::respawn:/usr/sbin/dropbear -F -R\n",
    });
    assertMatch(busybox["user"]!, /^ok: busybox's adduser/);
    assertMatch(busybox["password"]!, /^ok: chpasswd sets the password/);
    assertMatch(busybox["sudo"]!, /^ok: .* root with doas$/);
    assertMatch(busybox["ssh_keys"]!, /^ok: dropbear reads/);
    assertMatch(busybox["dns"]!, /^ok: .* from: udhcpc$/);
  },
);

shellTest(
  "check says what keeps a VM from its provisioning media",
  async (shell, folder) => {
    const mediaOf = async (name: string, files: Files) =>
      (await said(shell, `${folder}/${name}`, files))["media"]!;
    const mount = { "/usr/bin/mount": PROGRAM };
    const modprobe = "/etc/modprobe.d/cis.conf";
    for (
      const [name, files, words] of [
        ["none", {}, /^warning: mount is not installed: /],
        ["good", mount, /^ok: provisioning media are mounted/],
        [
          "udf",
          { ...mount, [modprobe]: "install udf /bin/true\nblacklist usb\n" },
          /^warning: .*cis\.conf forbids the module udf: /,
        ],
        [
          "iso9660",
          { ...mount, [modprobe]: "#blacklist udf\nblacklist isofs\n" },
          /^ok: /,
        ],
        [
          "drive",
          { ...mount, "/usr/lib/modprobe.d/x.conf": " blacklist sr_mod \n" },
          /^warning: .*x\.conf forbids the module sr_mod: /,
        ],
        [
          "flag",
          { "/etc/azure-provisioning.no-media": "" },
          /^ok: provisioning media are not read, because of /,
        ],
        [
          "left-out",
          {
            "/etc/azure-provisioning.conf":
              "without = user, customdata, password, hostname\n",
          },
          /^ok: the parts that need provisioning media are excluded by /,
        ],
      ] as const
    ) assertMatch(await mediaOf(name, files), words, name);
  },
);

shellTest(
  "check warns of parts that cannot work, and calls none of it a failure",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/tree`, {
      // Debian's, which needs useradd.
      "/usr/sbin/adduser": "#!/usr/bin/perl\n",
      "/usr/sbin/connmand": PROGRAM,
      "/usr/sbin/sshd": PROGRAM,
      "/etc/systemd/system/sockets.target.wants/ssh.socket": "-> x",
      "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n",
      "/etc/ssh/sshd_config.d/50-keys.conf":
        "authorizedkeysfile /etc/ssh/keys/%u\n",
      "/usr/lib/systemd/systemd-networkd": PROGRAM,
    });
    assertMatch(all["user"]!, /^warning: neither useradd nor/);
    assertMatch(all["password"]!, /^warning: chpasswd is not installed/);
    assertMatch(all["sudo"]!, /^ok: there is neither sudo nor doas/);
    assertMatch(all["ssh_keys"]!, /^warning: .*50-keys\.conf sets Authorized/);
    assertMatch(all["dns"]!, /^warning: no DHCP client here can be notified/);
    assertMatch(all["telemetry"]!, /^ok: there is no hv_kvp_daemon/);
    const keyless = await said(shell, `${folder}/keyless`, {
      "/usr/sbin/sshd": PROGRAM,
      "/etc/rc.local": "#!/bin/sh\n/usr/sbin/sshd\n",
      "/usr/etc/ssh/sshd_config": "PubkeyAuthentication no\n",
    });
    assertMatch(keyless["ssh_keys"]!, /^warning: sshd may accept no keys/);
    const none = await said(shell, `${folder}/none`, {});
    assertMatch(none["ssh_keys"]!, /^warning: no SSH server is installed/);
  },
);

shellTest(
  "check says which parts the image's configuration leaves out",
  async (shell, folder) => {
    const all = await said(shell, `${folder}/tree`, {
      "/etc/azure-provisioning.conf":
        "# without = telemetry\nwithout = user, password,sudo, ssh-keys,dns\n",
    });
    for (const part of ["user", "password", "sudo", "ssh_keys", "dns"]) {
      assertMatch(all[part]!, /^ok: the part [a-z-]+ is excluded by/);
    }
    assertMatch(all["telemetry"]!, /^ok: there is no hv_kvp_daemon/);
  },
);

shellTest(
  "check says where homes go, and why a VM may get no keys",
  async (shell, folder) => {
    let count = 0;
    const homes = async (files: Files, arrange = "true") => {
      const root = `${folder}/homes-${count++}`;
      await makeTree(root, { "/usr/sbin/useradd": PROGRAM, ...files });
      await succeed("sh", ["-euc", `cd "$0"; ${arrange}`, root]);
      return withoutRemedy((await said(shell, root, {}))["homes"]);
    };
    const HOME = { "/home": undefined };
    const defaults = (text: string) => ({ "/etc/default/useradd": text });
    const out = "ok: homes are below /home";
    assertEquals(await homes(HOME), out);
    assertEquals(
      await homes({ ...HOME, ...defaults("# HOME=/x\nHOME=\n") }),
      out,
    );
    assertEquals(
      await homes({}),
      "ok: /home is missing, and is created at the first boot",
    );
    assertEquals(
      await homes({
        "/srv/people": undefined,
        ...defaults("HOME=/srv/people/\n"),
      }),
      "ok: homes are below /srv/people",
    );
    assertMatch(
      (await homes({ ...HOME, ...defaults("HOME=/opt/home\n") }))!,
      /^warning: the home .* goes to \/home, and not to \/opt\/home, which .*\/etc\/default\/useradd names: the program may not write there$/,
    );
    assertMatch(
      (await homes({ "/usr/etc/default/useradd": "HOME=/home/../etc\n" }))!,
      /^warning: .*\/usr\/etc\/default\/useradd names/,
    );
    for (const target of ["var/home", "/var/home"]) {
      const linked = { "/var/home": undefined, "/home": `-> ${target}` };
      assertEquals(await homes(linked), out);
      assertEquals(
        await homes(linked, "chown -h 1234 home"),
        "warning: a VM gets no SSH keys: the link /home does not belong to root",
      );
      assertEquals(
        await homes(linked, "chmod 777 var/home"),
        "warning: a VM gets no SSH keys: /home does not belong to root alone",
      );
      assertEquals(
        await homes({
          "/opt/h": undefined,
          "/var/home": "-> /opt/h",
          "/home": `-> ${target}`,
        }),
        "warning: a VM gets no SSH keys: /home is a link to another link, and only one is followed",
      );
    }
    for (
      const arrange of ["chmod 775 home", "chmod 1777 home", "chown 1234 home"]
    ) {
      assertEquals(
        await homes(HOME, arrange),
        "warning: a VM gets no SSH keys: /home does not belong to root alone",
      );
    }
    assertMatch(
      (await homes({
        ...HOME,
        "/etc/azure-provisioning.conf": "without = user\n",
      }))!,
      /^ok: the part user is excluded by /,
    );
  },
);

shellTest(
  "check says whether the admin user becomes root",
  async (shell, folder) => {
    let count = 0;
    const rights = async (files: Files) =>
      withoutRemedy(
        (await said(shell, `${folder}/rights-${count++}`, {
          "/etc/azure-provisioning.conf": "admin-sudo = true\n",
          ...files,
        }))["sudo"],
      );
    const sudo = { "/usr/bin/sudo": PROGRAM };
    assertEquals(
      await rights({ "/etc/azure-provisioning.conf": "admin-sudo = false\n" }),
      "ok: the admin user of a VM gets no rule for sudo or doas: admin-sudo is false",
    );
    const cannot = "warning: the admin user of a VM cannot become root: ";
    assertEquals(
      await rights({}),
      `${cannot}neither sudo nor doas is installed`,
    );
    assertMatch(
      (await rights({ "/etc/azure-provisioning.conf": "" }))!,
      /^ok: there is neither sudo nor doas/,
    );
    assertEquals(await rights(sudo), `${cannot}sudo has no /etc/sudoers`);
    assertMatch(
      (await rights({
        ...sudo,
        "/etc/sudoers": "#includedir /etc/sudoers.dd\n",
      }))!,
      /cannot become root: .*\/etc\/sudoers does not include \/etc\/sudoers\.d$/,
    );
    for (const path of ["/etc/sudoers", "/usr/etc/sudoers"]) {
      for (
        const line of [
          "@includedir /etc/sudoers.d",
          "#includedir /etc/sudoers.d/",
        ]
      ) {
        assertEquals(
          await rights({ ...sudo, [path]: `${line}\n` }),
          "ok: the admin user of a VM becomes root with sudo",
        );
      }
    }
    assertEquals(
      await rights({ "/usr/bin/doas": PROGRAM }),
      "ok: the admin user of a VM becomes root with doas",
    );
  },
);

shellTest(
  "check warns of what lets nobody in whom it does not know, and of nothing else",
  async (shell, folder) => {
    const saidOf = async (name: string, text: string, files: Files = {}) =>
      (await said(shell, `${folder}/${name}`, {
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

/** An image with sshd, PAM and a shell. */
const WITH_PAM: Files = {
  "/usr/sbin/sshd": PROGRAM,
  "/usr/sbin/useradd": PROGRAM,
  "/etc/ssh/sshd_config": "UsePAM yes\n",
  "/bin/bash": PROGRAM,
  "/etc/pam.d/sshd": "@include common-account\nsession include login\n",
  "/etc/pam.d/common-account":
    "account required pam_unix.so\naccount requisite /lib/pam_shells.so\n",
};
const DROPBEAR: Files = {
  "/usr/sbin/dropbear": PROGRAM,
  "/bin/bash": PROGRAM,
};
const UNLISTED = /lets nobody in whose shell is not in \/etc\/shells, such as /;

shellTest(
  "check says beforehand what the last look would say of a shell, a way, an account and a server",
  async (shell, folder) => {
    const saidOf = async (name: string, files: Files) =>
      (await said(shell, `${folder}/${name}`, files))["login"]!;
    let number = 0;
    for (
      const [name, files, words] of [
        ["unlisted", { ...WITH_PAM, "/etc/shells": "/bin/sh\n#/bin/bash\n" }, [
          "pam_shells",
          UNLISTED,
        ]],
        ["no list", WITH_PAM, ["pam_shells", UNLISTED]],
        ["listed", { ...WITH_PAM, "/etc/shells": "/bin/sh\n/bin/bash\n" }, []],
        ["vendor", { ...WITH_PAM, "/usr/etc/shells": "/bin/x\n" }, []],
        ["without PAM", { ...WITH_PAM, "/etc/ssh/sshd_config": "" }, []],
        ["for passwords", {
          ...WITH_PAM,
          "/etc/pam.d/common-account": "auth required pam_shells.so\n",
        }, []],
        ["for sessions", {
          ...WITH_PAM,
          "/etc/pam.d/sshd": "session include common-account\n",
        }, []],
        ["optional", {
          ...WITH_PAM,
          "/etc/pam.d/common-account": "account optional pam_shells.so\n",
        }, []],
        ["circle", {
          ...WITH_PAM,
          "/etc/pam.d/common-account": "account substack common-account\n",
        }, []],
        ["configured", {
          ...WITH_PAM,
          "/etc/shells": "/bin/bash\n",
          "/usr/bin/zsh": PROGRAM,
          "/etc/azure-provisioning.conf": "admin-shell = /usr/bin/zsh\n",
        }, ["pam_shells", UNLISTED]],
        ["missing", {
          ...WITH_PAM,
          "/etc/azure-provisioning.conf": "admin-shell = /usr/bin/zsh\n",
        }, ["", /which admin-shell names, does not exist/]],
        ["none", {
          "/usr/sbin/nologin": PROGRAM,
          "/etc/azure-provisioning.conf": "admin-shell = /usr/sbin/nologin\n",
        }, ["", /lets nobody log in/]],
        ["dropbear", { ...DROPBEAR, "/etc/shells": "/bin/sh\n" }, [
          "dropbear",
          UNLISTED,
        ]],
        ["dropbear without a list", DROPBEAR, ["dropbear", UNLISTED]],
        ["dropbear and a comment", {
          ...DROPBEAR,
          "/etc/shells": " /bin/bash # mine\n",
        }, []],
        ["dropbear and sh", {
          "/usr/sbin/dropbear": PROGRAM,
          "/bin/sh": PROGRAM,
        }, []],
        ["two servers", { ...DROPBEAR, "/usr/sbin/sshd": PROGRAM }, []],
        ["dropbear -s", {
          ...DROPBEAR,
          "/etc/shells": "/bin/bash\n",
          "/etc/default/dropbear": 'DROPBEAR_EXTRA_ARGS="-w -s"\n',
        }, ["dropbear", /takes no passwords, because /]],
        ["dropbear -w", {
          ...DROPBEAR,
          "/etc/shells": "/bin/bash\n",
          "/etc/default/dropbear":
            '#DROPBEAR_EXTRA_ARGS="-s"\nDROPBEAR_EXTRA_ARGS="-w -b /etc/issue-s"\n',
        }, []],
        ["tinysshd", { "/usr/sbin/tinysshd": PROGRAM }, [
          "tinysshd",
          /takes no passwords, and no keys but ssh-ed25519/,
        ]],
        ["expired", {
          ...WITH_PAM,
          "/etc/shells": "/bin/bash\n",
          "/etc/default/useradd": "EXPIRE=2020-01-01\n",
        }, ["", /expires on 2020-01-01: \S+\/etc\/default\/useradd says so/]],
        ["not expired", {
          ...WITH_PAM,
          "/etc/shells": "/bin/bash\n",
          "/etc/default/useradd": "# EXPIRE=2020-01-01\nEXPIRE=\n",
        }, []],
      ] as [string, Files, [string, RegExp] | []][]
    ) {
      // The other shell tries them all.
      if (!RUNS_ALL && shell.name !== "dash" && number++ % 4 !== 0) continue;
      const line = await saidOf(name.replaceAll(" ", "-"), files);
      const [who, problem] = words;
      if (problem === undefined) assertMatch(line, /^ok: /, name);
      else {
        assertMatch(line, new RegExp(`^warning: .*${who}`), name);
        assertMatch(line, problem, name);
      }
    }
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
      const line = (await said(shell, root, {}))["login"]!;
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
