import { assertMatch } from "@std/assert";
import { RUNS_ALL } from "../../helpers/runs_all.ts";
import { shellTest } from "../_shells.ts";
import { type Files, PROGRAM } from "../_tree.ts";
import { saidOfParts } from "./_said_of_parts.ts";

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
      (await saidOfParts(shell, `${folder}/${name}`, files))["login"]!;
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
