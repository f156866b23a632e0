import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openSshTest } from "./_each_open_ssh.ts";
import { runWith, USER } from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";

/** A line for sshd, read before all others. */
const sshd = (text: string) =>
  `printf '${text}\\n' >/etc/ssh/sshd_config.d/00-a.conf`;
const MADE = "useradd -m -s /bin/bash azure";
const LEFT = "useradd -M -s /bin/bash azure; cp -r /etc/skel /home/azure";

/** What the program says of the user, and whether the key opens a session. */
async function lookAndLogIn(
  machine: LoginMachine,
  arrange: string,
): Promise<{ said: string[]; isIn: boolean; log: string }> {
  const arranged = await machine.run(`set -e; ${arrange}`);
  assertEquals(arranged.code, 0, arranged.stderr);
  const { code, stderr } = await runWith(machine, '"$0" provision');
  assertEquals(code, 0, stderr);
  const said = stderr.split("\n").filter((line) => /log in: /.test(line));
  const { stdout, stderr: why } = await machine.logIn({
    user: USER,
    key: "right",
    command: "id -un; touch mine",
  });
  return { said, isIn: stdout === `${USER}\n`, log: `${stderr}\n${why}` };
}

for (
  const [what, arrange] of [
    ["an ordinary image", ":"],
    ["a home that was left to root", `${LEFT}; chmod 755 /home/azure`],
    ["a home that was left to root alone", `${LEFT}; chmod 700 /home/azure`],
    [
      "a home and .ssh that were left to root",
      `${LEFT}; mkdir -m 700 /home/azure/.ssh; echo '# x' >/home/azure/.ssh/authorized_keys`,
    ],
    [
      "keys that are root's",
      sshd("AuthorizedKeysFile /etc/ssh/authorized_keys.d/%%u"),
    ],
    [
      "keys that are root's, in a folder that is there, and no home that can be searched",
      `${sshd("AuthorizedKeysFile .x /etc/ssh/authorized_keys/%%u")}
      mkdir /etc/ssh/authorized_keys`,
    ],
    [
      "keys in the home by another name",
      sshd("AuthorizedKeysFile /etc/x/%%u %%h/.ssh/authorized_keys"),
    ],
    ["a pattern that lets the user in", sshd("AllowUsers alice az?r*")],
    ["a host that may let the user in", sshd("AllowUsers azure@127.*")],
    ["groups that the user is in", sshd("AllowGroups wheel sudo")],
    ["groups of which the user is in none", sshd("DenyGroups wheel root")],
    [
      "a Match for others",
      sshd("DenyUsers bob\\nMatch Address 192.0.2.0/24\\n  DenyUsers azure"),
    ],
    [
      "a Match that undoes what is outside",
      sshd("AllowUsers bob\\nMatch User azure\\n  AllowUsers azure"),
    ],
    [
      "more than one list of methods",
      sshd("AuthenticationMethods publickey,password publickey"),
    ],
    ["an algorithm that fits", sshd("PubkeyAcceptedAlgorithms ssh-ed*")],
    ["an account that PAM lets in", `${MADE} -p '!$6$x$y'`],
    ["an account that expires later", `${MADE} -e 2099-01-01`],
    ["a password that is old and good", `${MADE}; chage -d 10000 azure`],
    [
      "a shell that is listed",
      `${MADE}; sed -i '1i account required pam_shells.so' /etc/pam.d/sshd`,
    ],
    [
      "a shell that PAM asks for with passwords alone",
      `ln -s bash /bin/b; useradd -ms /bin/b azure
      sed -i '1i auth required pam_shells.so' /etc/pam.d/sshd`,
    ],
    [
      "/etc/nologin that PAM asks for with passwords alone",
      `touch /etc/nologin
      sed -i 's/^account .*pam_nologin/auth required pam_nologin/' /etc/pam.d/sshd`,
    ],
    ["a home that others may read", `${MADE}; chmod 755 /home/azure`],
    ["a shell that is a link", "ln -s bash /bin/b; useradd -ms /bin/b azure"],
  ] as const
) {
  openSshTest(
    `the last look says nothing of ${what}, and the user logs in`,
    async (machine) => {
      const { said, isIn, log } = await lookAndLogIn(machine, arrange);
      assertEquals(said, [], log);
      assertEquals(isIn, true, log);
      const home = await machine.run(
        "cd /home/azure; stat -c '%U %A' . .bashrc | cut -c 1-7; ls mine",
      );
      assertEquals(home.stdout, "azure d\nazure -\nmine\n", log);
    },
  );
}

for (
  const [what, arrange, problem] of [
    [
      "keys that are looked for elsewhere",
      sshd("AuthorizedKeysFile /etc/keys/%%u"),
      'line 1 of "/etc/ssh/sshd_config.d/00-a.conf" sets AuthorizedKeysFile to "/etc/keys/%u"; add .ssh/authorized_keys to it',
    ],
    [
      "no keys at all",
      sshd("AuthorizedKeysFile none"),
      'sets AuthorizedKeysFile to "none"',
    ],
    [
      "one file for all",
      sshd("AuthorizedKeysFile /etc/ssh/authorized_keys"),
      'sets AuthorizedKeysFile to "/etc/ssh/authorized_keys"',
    ],
    [
      "AllowUsers",
      sshd("AllowUsers alice bob@*"),
      'sets AllowUsers to "alice bob@*"; add "azure" to it',
    ],
    [
      "DenyUsers",
      sshd("\\nDenyUsers az?re"),
      'line 2 of "/etc/ssh/sshd_config.d/00-a.conf" sets DenyUsers to "az?re"',
    ],
    ["AllowGroups", sshd("AllowGroups adm?ns"), 'sets AllowGroups to "adm?ns"'],
    ["DenyGroups", sshd("DenyGroups sudo"), 'sets DenyGroups to "sudo"'],
    [
      "AuthenticationMethods",
      sshd("AuthenticationMethods publickey,password"),
      'sets AuthenticationMethods to "publickey,password"',
    ],
    [
      "two keys that are asked for",
      sshd("AuthenticationMethods publickey,publickey"),
      "sets AuthenticationMethods",
    ],
    [
      "keys that are off",
      sshd("PubkeyAuthentication no"),
      'sets PubkeyAuthentication to "no"; set it to yes',
    ],
    [
      "keys that are off in a Match",
      "printf 'Match Group sudo,!wheel\\n PubkeyAuthentication no\\n' >>/etc/ssh/sshd_config",
      'in "Match Group sudo,!wheel"',
    ],
    [
      "another algorithm",
      sshd("PubkeyAcceptedKeyTypes rsa-*,ecdsa-*"),
      "sets PubkeyAcceptedAlgorithms",
    ],
    [
      "an algorithm that is taken away",
      sshd("PubkeyAcceptedAlgorithms -ssh-ed25519*"),
      "sets PubkeyAcceptedAlgorithms",
    ],
    [
      "an account that is locked, without PAM",
      `${MADE} -p '!$6$x$y'; ${sshd("UsePAM no")}`,
      'the account "azure" is locked',
    ],
    [
      "an account that has expired",
      `${MADE} -e 2020-01-01`,
      'the account "azure" has expired',
    ],
    [
      "an account that has expired, without PAM",
      `${MADE} -e 2020-01-01; ${sshd("UsePAM no")}`,
      'the account "azure" has expired',
    ],
    [
      "a password that has to be changed",
      `${MADE} -p '$6$x$y'; chage -d 0 azure`,
      "has to be changed at the first login (the 3rd field",
    ],
    [
      "a password that is too old",
      `${MADE} -p '$6$x$y'; chage -d 10000 -M 30 azure`,
      "has to be changed at the first login (the 5th field",
    ],
    [
      "a password that is too old to be changed",
      `${MADE} -p '$6$x$y'; chage -d 10000 -M 30 -I 10 azure`,
      "is too old to be changed",
    ],
    [
      "a shell that is none",
      "useradd -ms /bin/false azure",
      'the shell "/bin/false" of "azure" lets nobody log in',
    ],
    [
      "a shell that is missing",
      "useradd -ms /bin/zsh azure",
      'the shell "/bin/zsh" of "azure" is not a program that exists',
    ],
    [
      "a shell that is not listed",
      `ln -s bash /bin/b; useradd -ms /bin/b azure
      sed -i '1i account required pam_shells.so' /etc/pam.d/common-account`,
      'the shell "/bin/b" of "azure" is not in "/etc/shells", as pam_shells wants',
    ],
    [
      "a shell that is listed nowhere",
      "rm /etc/shells; sed -i '1i account required pam_shells.so' /etc/pam.d/sshd",
      'the shell "/bin/bash" of "azure" is not in "/etc/shells", as pam_shells wants',
    ],
    ["/etc/nologin", "touch /etc/nologin", 'there is "/etc/nologin"'],
    [
      "/etc/nologin, without PAM",
      `touch /etc/nologin; ${sshd("UsePAM no")}`,
      'there is "/etc/nologin"',
    ],
    [
      "/home that only root can search",
      "chmod 700 /home",
      '"azure" may not search "/home", which belongs to 0:0 and has the mode 700, and so sshd finds no keys; give it the mode 711',
    ],
    [
      "/home that only a group can search",
      "chgrp adm /home; chmod 701 /home",
      '"azure" may not search "/home"',
    ],
    [
      "what /home is a link to, and only root can search",
      "mkdir -m 700 /data; mv /home /data/home; ln -s /data/home /home",
      '"azure" may not search "/data"',
    ],
  ] as const
) {
  openSshTest(
    `the last look warns of ${what}, and the user does not log in`,
    async (machine) => {
      const { said, isIn, log } = await lookAndLogIn(machine, arrange);
      assertEquals(isIn, false, log);
      assertEquals(said.length, 1, log);
      assertStringIncludes(said[0]!, `"azure" cannot log in: `);
      assertStringIncludes(said[0]!, problem);
      const record = await machine.run(
        'cat /var/lib/azure-provisioning/status.json; "$0" status',
      );
      assertMatch(record.stdout, /"name":\s*"login"[^}]*"warned"/);
    },
  );
}

for (const part of ["user", "ssh-keys", "login"]) {
  openSshTest(
    `a VM whose user cannot log in is NotReady with --with ${part}`,
    async (machine) => {
      await machine.run(sshd("AllowUsers alice"));
      const { code, stderr } = await runWith(
        machine,
        `"$0" provision --timeout 5 --with ${part}`,
      );
      assertEquals(code, 78, stderr);
      assertStringIncludes(
        stderr,
        `"azure" cannot log in: line 1 of "/etc/ssh/sshd_config.d/00-a.conf" sets AllowUsers to "alice"; add "azure" to it`,
      );
    },
  );
}
