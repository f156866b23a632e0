import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PASSWORD } from "../../media/_ovf_env.ts";
import { itemsIn } from "../../parts/telemetry/_pool.ts";
import { loginTest, USER } from "./_login_case.ts";
import { type LoginMachine, publicKey } from "./_login_machine.ts";
import { OTHER_SERVERS_RECIPE } from "./_login_recipes.ts";
import {
  type Given,
  type PlayedBoot,
  playFirstBoot,
} from "./_play_first_boot.ts";

const MADE = "useradd -m -s /bin/bash azure";
const NEITHER =
  '"azure" cannot log in: there is neither a key nor a password; give the VM a key';
const POOL = "/var/lib/hyperv/.kvp_pool_1";

/** Plays a first boot on a machine that can tell the host. */
function provision(
  machine: LoginMachine,
  { options = "", before = ":", ...given }: Given,
): Promise<PlayedBoot> {
  return playFirstBoot(machine, {
    ...given,
    options: `--timeout 20 ${options}`,
    before: `${before}\nmkdir -p /var/lib/hyperv; : >${POOL}`,
  });
}

for (
  const [what, given, problem] of [
    ["no key, and nothing else", {}, NEITHER],
    ["an empty key", { platform: ["--public-key= "] }, NEITHER],
    [
      "no word on passwords, from media that name a user",
      { platform: ["--fault=no-os-profile"] },
      NEITHER,
    ],
    [
      "a password that another agent took away",
      { media: { UserPassword: "REDACTED" } },
      NEITHER,
    ],
    ["no key, for a user of the image's", { before: MADE }, NEITHER],
    [
      "no key, for a locked user with a password",
      { before: `${MADE} -p '!$6$x$y'` },
      NEITHER,
    ],
    [
      "a password for the console alone",
      { media: { UserPassword: PASSWORD } },
      '"azure" cannot log in: there is a password, but no key, and line 2 of "/etc/ssh/sshd_config.d/00-azure-provisioning.conf" sets PasswordAuthentication to "no"; give the VM a key',
    ],
    [
      "the image's password, which sshd does not take",
      { before: `${MADE}; echo azure:${PASSWORD} | chpasswd -c SHA512` },
      '"azure" cannot log in: there is a password, but no key, and line 2 of',
    ],
  ] as [string, Given, string][]
) {
  loginTest(
    `a VM with ${what}: is ready, and the log, the record and the host are told`,
    "shadow",
    async (machine) => {
      const { code, warnings: said, stderr: log, ready } = await provision(
        machine,
        given,
      );
      assertEquals([code, ready, said.length], [0, 1, 1], log);
      assertStringIncludes(said[0]!, problem);
      const record = await machine.run(
        "cat /var/lib/azure-provisioning/status.json",
      );
      const { phases } = JSON.parse(record.stdout);
      const phase = phases.find((it: { name: string }) => it.name === "login");
      assertEquals(phase.outcome, "warned");
      assertStringIncludes(phase.what, problem);
      const pool = await Deno.readFile(`${machine.tree}${POOL}`);
      const told = itemsIn(pool).map(({ value }) => value).join("\n");
      assert(/\|login=\d+ warned/.test(told), told);
      for (const login of [{ key: "right" }, { password: PASSWORD }]) {
        const { stdout } = await machine.logIn({ user: USER, ...login });
        assertEquals(stdout, "");
      }
    },
  );
}

for (
  const [part, reason] of [
    ["user", "there is neither a key nor a password"],
    [
      "password",
      'the part "password" is required, but the provisioning media gave none',
    ],
    ["login", "there is neither a key nor a password"],
    ["ssh-keys", "there is neither a key nor a password"],
  ] as const
) {
  loginTest(
    `a VM with neither a key nor a password is NotReady with --with ${part}`,
    "shadow",
    async (machine) => {
      const { code, stderr: log, ready, reports } = await provision(machine, {
        options: `--with ${part}`,
      });
      assertEquals(ready, 0, log);
      assert(code === 78 || code === 65, `${code} ${log}`);
      assert(reports.some((line) => line.includes("NotReady")), log);
      assertStringIncludes(log, reason);
    },
  );
}

for (
  const [what, given] of [
    ["keys that something else finds", {
      before:
        "echo 'AuthorizedKeysCommand /bin/true' >/etc/ssh/sshd_config.d/1.conf",
    }],
    ["certificates", {
      before:
        "echo 'TrustedUserCAKeys /etc/ssh/ca' >/etc/ssh/sshd_config.d/1.conf",
    }],
    ["keys of the image's", {
      before:
        `${MADE}; mkdir -m 700 ~azure/.ssh; cp /keys/right.pub ~azure/.ssh/authorized_keys; chown -R azure ~azure/.ssh`,
    }],
    ["what an image without the part ssh-keys has", {
      options: "--without ssh-keys",
    }],
    ["what an image without the part password has", {
      options: "--without password",
    }],
    ["an SSH server that is not known", { before: "rm /usr/sbin/sshd" }],
  ] as [string, Given][]
) {
  loginTest(
    `nothing is said of a VM without a key that has ${what}`,
    "shadow",
    async (machine) => {
      const { code, warnings: said, stderr: log } = await provision(
        machine,
        given,
      );
      assertEquals([code, said], [0, []], log);
    },
  );
}

for (
  const [server, said] of [["dropbear", []], ["tinysshd", [
    `Warning: "azure" cannot log in: there is a password, but no key, and "tinysshd" takes no passwords; give the VM a key of the type ssh-ed25519`,
  ]]] as const
) {
  loginTest(
    `the image's password is judged by what ${server} takes`,
    "shadow",
    async (machine) => {
      const other = server === "dropbear" ? "tinysshd" : "dropbear";
      const result = await provision(machine, {
        before:
          `rm /usr/sbin/${other}; ${MADE}; echo azure:${PASSWORD} | chpasswd -c SHA512`,
      });
      assertEquals(result.warnings, [...said], result.stderr);
      const { stdout } = await machine.logIn({
        user: USER,
        password: PASSWORD,
        server,
      });
      assertEquals(stdout === `${USER}\n`, said.length === 0);
    },
    OTHER_SERVERS_RECIPE,
  );
}

for (
  const [what, config, isIn] of [
    ["as long as sshd wants", "RequiredRSASize 2048", true],
    ["shorter than sshd wants", "RequiredRSASize 3072", false],
    [
      "shorter than sshd wants of this user",
      "Match User azure\n RequiredRSASize 3072",
      false,
    ],
    [
      "as long as sshd wants, whatever others need",
      "Match User bob\n RequiredRSASize 3072",
      true,
    ],
  ] as const
) {
  loginTest(`an RSA key is ${what}`, "shadow", async (machine) => {
    await machine.run(`ssh-keygen -q -t rsa -b 2048 -N '' -f /keys/rsa
    printf '${config.replace("\n", "\\n")}\\n' >>/etc/ssh/sshd_config`);
    const { code, warnings: said, stderr: log } = await provision(machine, {
      platform: [`--public-key=${await publicKey(machine, "rsa")}`],
    });
    assertEquals([code, said.length], [0, isIn ? 0 : 1], log);
    if (!isIn) {
      assertStringIncludes(
        said[0]!,
        'sets RequiredRSASize to "3072"',
      );
      assertStringIncludes(
        said[0]!,
        "; give the VM a longer key than one of 2048 bits",
      );
    }
    const login = await machine.logIn({ user: USER, key: "rsa" });
    assertEquals(login.stdout === `${USER}\n`, isIn, login.stderr);
  });
}
