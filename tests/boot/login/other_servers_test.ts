import { assertEquals, assertStringIncludes } from "@std/assert";
import { PASSWORD } from "../../media/_ovf_env.ts";
import { loginTest, USER } from "./_login_case.ts";
import { type LoginMachine, publicKey } from "./_login_machine.ts";
import { OTHER_SERVERS_RECIPE } from "./_login_recipes.ts";
import { playFirstBoot } from "./_play_first_boot.ts";
import type { SshServer } from "./_ssh_servers.ts";

/** What was set up for the user. */
type Credential = "key" | "rsa" | "password";

const MADE = "useradd -m -s /bin/bash azure";
/** A shell that is not in /etc/shells. */
const OTHER_SHELL = "ln -s bash /bin/b; useradd -ms /bin/b azure";
const NO_KEYS = "so $server finds no keys";

/** What the program says of the user, and whether the server lets the user in. */
async function lookAndLogIn(
  machine: LoginMachine,
  server: SshServer,
  credential: Credential,
  before: string,
): Promise<{ warnings: readonly string[]; isIn: boolean; log: string }> {
  for (const other of ["dropbear", "tinysshd"]) {
    if (other === server) continue;
    await Deno.remove(`${machine.tree}/usr/sbin/${other}`);
  }
  const arranged = await machine.run(`set -e
    ssh-keygen -q -t rsa -b 2048 -N '' -f /keys/rsa
    ${before}`);
  assertEquals(arranged.code, 0, arranged.stderr);
  const isKey = credential !== "password";
  const key = credential === "rsa" ? "rsa" : "right";
  const { code, stderr, warnings } = await playFirstBoot(machine, {
    media: isKey ? {} : { UserPassword: PASSWORD },
    platform: [
      isKey
        ? `--public-key=${await publicKey(machine, key)}`
        : "--allow-passwords",
    ],
  });
  assertEquals(code, 0, stderr);
  const login = await machine.logIn({
    user: USER,
    server,
    ...isKey ? { key } : { password: PASSWORD },
  });
  const served = await Deno.readTextFile(`${machine.tree}/tmp/sshd.log`);
  return {
    warnings,
    isIn: login.stdout === `${USER}\n`,
    log: [stderr, login.stderr, served].join("\n"),
  };
}

/** Images on which a credential logs in, or why it does not. */
const CASES: readonly (readonly [
  server: SshServer,
  credential: Credential,
  what: string,
  before: string,
  problem?: string,
])[] = [
  ["dropbear", "key", "an ordinary image", ":"],
  ["dropbear", "rsa", "an RSA key", ":"],
  ["dropbear", "password", "a password", ":"],
  ["dropbear", "key", "a locked account", `${MADE} -p '!$6$x$y'`],
  ["dropbear", "key", "an expired account", `${MADE} -e 2020-01-01`],
  [
    "dropbear",
    "key",
    "a password that has to be changed",
    `${MADE} -p '$6$x$y'; chage -d 0 azure`,
  ],
  ["dropbear", "key", "/etc/nologin", "touch /etc/nologin"],
  [
    "dropbear",
    "key",
    "a shell whose line has a comment",
    `${OTHER_SHELL}; echo ' /bin/b # b' >>/etc/shells`,
  ],
  [
    "dropbear",
    "key",
    "/bin/sh without /etc/shells",
    `rm /etc/shells; useradd -ms /bin/sh azure`,
  ],
  ["tinysshd", "key", "an ordinary image", ":"],
  ["tinysshd", "key", "a locked account", `${MADE} -p '!$6$x$y'`],
  ["tinysshd", "key", "an expired account", `${MADE} -e 2020-01-01`],
  ["tinysshd", "key", "/etc/nologin", "touch /etc/nologin"],
  [
    "tinysshd",
    "key",
    "a shell that is not listed",
    OTHER_SHELL,
  ],
  ["tinysshd", "key", "/ that others write to", "chmod 777 /"],
  [
    "tinysshd",
    "key",
    "/home that another group of the user's may search",
    `chgrp adm /home; chmod 710 /home; ${MADE} -G adm`,
  ],
  [
    "dropbear",
    "key",
    "a shell that is not listed",
    OTHER_SHELL,
    'the shell "/bin/b" of "azure" is not in "/etc/shells", as dropbear wants',
  ],
  [
    "dropbear",
    "password",
    "a shell that is not listed",
    OTHER_SHELL,
    "as dropbear wants",
  ],
  [
    "dropbear",
    "key",
    "a shell that is listed nowhere",
    "rm /etc/shells",
    'the shell "/bin/bash" of "azure" is not in "/etc/shells"',
  ],
  [
    "dropbear",
    "key",
    "a shell that is listed in a comment",
    `${OTHER_SHELL}; echo '#/bin/b' >>/etc/shells`,
    'the shell "/bin/b"',
  ],
  [
    "dropbear",
    "key",
    "/home that only another group of the user's may search",
    `chgrp adm /home; chmod 710 /home; ${MADE} -G adm`,
    NO_KEYS,
  ],
  [
    "dropbear",
    "key",
    "/home that nobody may search",
    "chmod 700 /home",
    NO_KEYS,
  ],
  [
    "tinysshd",
    "key",
    "/home that nobody may search",
    "chmod 700 /home",
    NO_KEYS,
  ],
  [
    "tinysshd",
    "rsa",
    "an RSA key",
    ":",
    '"tinysshd" takes no keys but ssh-ed25519',
  ],
  [
    "tinysshd",
    "password",
    "a password",
    ":",
    '"tinysshd" takes no passwords; give the VM a key',
  ],
  [
    "tinysshd",
    "key",
    "a shell that is none",
    "useradd -ms /bin/false azure",
    "lets nobody log in",
  ],
];

for (const [server, credential, what, before, problem] of CASES) {
  loginTest(
    problem === undefined
      ? `the last look says nothing of ${server} and ${what}, and a ${credential} logs in`
      : `the last look warns of ${server} and ${what}, and no ${credential} logs in`,
    "shadow",
    async (machine) => {
      const { warnings, isIn, log } = await lookAndLogIn(
        machine,
        server,
        credential,
        before,
      );
      assertEquals(isIn, problem === undefined, log);
      assertEquals(warnings.length, problem === undefined ? 0 : 1, log);
      assertStringIncludes(
        warnings[0] ?? "",
        problem?.replace("$server", server) ?? "",
      );
    },
    OTHER_SERVERS_RECIPE,
  );
}
