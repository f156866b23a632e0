import { assertEquals, assertStringIncludes } from "@std/assert";
import { PASSWORD } from "../../media/_ovf_env.ts";
import { openSshTest } from "./_each_open_ssh.ts";
import { USER } from "./_login_case.ts";
import { playFirstBoot } from "./_play_first_boot.ts";

/** A line for sshd, read before all others. */
const sshd = (text: string) =>
  `echo '${text}' >/etc/ssh/sshd_config.d/00-a.conf`;

/** A shell that is not in /etc/shells. */
const UNLISTED = "ln -s bash /bin/b; useradd -ms /bin/b azure";

for (
  const [what, arrange, problem] of [
    ["an ordinary image", ":", undefined],
    ["a shell that nobody asks for", UNLISTED, undefined],
    [
      "a shell that is not listed, as PAM wants with passwords",
      `${UNLISTED}; sed -i '1i auth required pam_shells.so' /etc/pam.d/sshd`,
      'the shell "/bin/b" of "azure" is not in "/etc/shells", as pam_shells wants',
    ],
    [
      "/etc/nologin, which PAM asks for with passwords",
      `touch /etc/nologin
      sed -i 's/^account .*pam_nologin/auth required pam_nologin/' /etc/pam.d/sshd`,
      'there is "/etc/nologin"',
    ],
    ["keys that are off", sshd("PubkeyAuthentication no"), undefined],
    [
      "a key that is asked for",
      sshd("AuthenticationMethods publickey"),
      'sets AuthenticationMethods to "publickey"; add password to it',
    ],
    [
      "a user who is let in by no list",
      sshd("AllowUsers alice"),
      'sets AllowUsers to "alice"',
    ],
    [
      "a password that had to be changed, and is new now",
      "useradd -ms /bin/bash -p x azure; chage -d 0 -M 30 azure",
      undefined,
    ],
    [
      "an account that has expired",
      "useradd -ms /bin/bash -e 2020-01-01 azure",
      'the account "azure" has expired',
    ],
    [
      "an account that was locked, and has a password now",
      "useradd -ms /bin/bash -p '!x' azure",
      undefined,
    ],
    ["an sshd without PAM", sshd("UsePAM no"), undefined],
  ] as const
) {
  openSshTest(
    `the last look judges a password and ${what}, as sshd does`,
    async (machine) => {
      const arranged = await machine.run(`set -e; ${arrange}`);
      assertEquals(arranged.code, 0, arranged.stderr);
      const { code, stderr, warnings } = await playFirstBoot(machine, {
        media: { UserPassword: PASSWORD },
        platform: ["--allow-passwords"],
      });
      assertEquals(code, 0, stderr);
      const login = await machine.logIn({ user: USER, password: PASSWORD });
      const log = `${stderr}\n${login.stderr}`;
      assertEquals(login.stdout === `${USER}\n`, problem === undefined, log);
      assertEquals(warnings.length, problem === undefined ? 0 : 1, log);
      assertStringIncludes(warnings[0] ?? "", problem ?? "");
    },
  );
}
