import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ProgramResult, ROOT } from "../helpers/program.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { imageScripts } from "./_variables.ts";
import { BARE, elf, type Files, INITS, makeTree } from "./_tree.ts";

/** Texts that would be more than a name if they were printed as they are. */
const HOSTILE: Readonly<Record<string, string>> = {
  "a command to a CI system": "x\n::add-path::\\evil",
  "another one": "x##vso[task.prependpath]evil",
  "a third": "x##[add-path]evil",
  "a carriage return": "x\rError: evil",
  "an escape sequence": "x\u001b]0;evil\u0007\u001b[2J",
  "an escape sequence of one byte in UTF-8": "x\u009b2Jevil",
  "a delete and a tab": "x\u007f\tevil",
  "a line separator": "x\u2028\u2029evil",
  "text that runs backwards": "x\u202eevil\u2066",
  "characters that nobody sees": "x\u200b\u{e0041}\ufeffevil",
};

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\xa0\p{Cf}\p{Zl}\p{Zp}]/u;

/** Asserts that a text is lines of ours only. */
function assertHarmless({ stdout, stderr }: ProgramResult): void {
  for (const line of `${stdout}\n${stderr}`.split("\n")) {
    assert(!CONTROL.test(line), JSON.stringify(line));
    assert(!/^\s*::/.test(line), line);
    assert(!line.includes("##"), line);
  }
}

/** A tree that has a name wherever a script may come across it. */
function image(name: string): Files {
  return {
    ...BARE,
    ...INITS["systemd"],
    ...INITS["openrc"],
    ...INITS["s6"],
    [`etc/runlevels/${name}/azure-init`]: "-> x",
    [`etc/runlevels/${name}/networking`]: "-> x",
    [`etc/systemd/system/${name}.wants/azure-init.service`]: "-> x",
    [`etc/systemd/system/${name}.requires/afterburn-checkin.service`]: "-> x",
    [`usr/lib/modules/5.4.${name}/x`]: "",
    [`etc/modprobe.d/${name}.conf`]: "blacklist udf\n",
    [`etc/ssh/sshd_config.d/${name}.conf`]: "PubkeyAuthentication no\n",
    [`etc/systemd/network/${name}.network`]: "DHCP=yes\n",
    [`etc/ld.so.conf.d/${name}.conf`]: `/${name}\n`,
    // Where a message names what a link leads to.
    "usr/local": `-> /${name}/x`,
    "usr/bin/waagent": `-> /opt/${name}`,
    [`opt/${name}`]: elf("x86_64"),
    "etc/machine-id": `-> /opt/${name}.id`,
    [`opt/${name}.id`]: "0123456789abcdef0123456789abcdef\n",
    "var/lib/azure-provisioning/provisioned.json": `-> /opt/${name}.id`,
    [`var/lib/dhcp/dhclient.${name}`]: "lease",
    [`var/log/${name}.log`]: "log",
    "usr/sbin/sshd": elf("x86_64"),
    [`etc/ssh/ssh_host_${name}_key`]: "key",
    [`etc/sudoers.d/${name}`]: "ann ALL=ALL\n",
    "etc/passwd":
      `root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/${name}:/bin/sh\nbob${name}:x:1001:1001::/home/${name}:/${name}\n`,
    [`home/${name}/.bash_history`]: "ls\n",
  };
}

/** All that the scripts can be asked to do with a tree. */
async function runAll(
  { root, binary, run }: InstallCase,
): Promise<ProgramResult[]> {
  const install = [`${ROOT}install.sh`, "--root", root, "--binary", binary];
  const inits = ["--init", "systemd,s6"];
  const results: ProgramResult[] = [];
  for (
    const args of [
      [...install, ...inits, "--dry-run"],
      [...install, ...inits, "--force"],
      [...install, ...inits, "--force", "--prefix", "/opt"],
      [...install, "--uninstall", "--prefix", "/opt"],
      [...install, "--uninstall"],
      [`${ROOT}image/check.sh`, "--root", root],
      [`${ROOT}image/check.sh`, "--root", root, "--json"],
      [
        `${ROOT}image/generalize.sh`,
        "--root",
        root,
        "--dry-run",
        "--logs",
        "--user",
        "ann",
        "--allow-no-login",
      ],
      [`${ROOT}install.sh`, "--root", `${root}/none`],
      [`${ROOT}install.sh`, "--root", root, "--prefix", `/${root}`],
    ]
  ) {
    results.push(await run(args));
  }
  return results;
}

/** All of them at once. */
const WORST = Object.values(HOSTILE).join("");

installTest(
  "whatever a tree holds is printed on one line, and as no command",
  async (given) => {
    // As many lines as with a name of no account.
    await makeTree(given.root, image("plain"));
    const plain = await runAll(given);
    await Deno.remove(given.root, { recursive: true });
    await makeTree(given.root, image(WORST));
    const results = await runAll(given);
    const lines = ({ stdout, stderr }: ProgramResult) =>
      `${stdout}${stderr}`.split("\n").length;
    for (const [index, result] of results.entries()) {
      assertHarmless(result);
      assert(
        lines(result) <= lines(plain[index]!),
        `${result.stdout}${result.stderr}`,
      );
    }
    assert(results.some(({ stdout }) => stdout.includes("\\n::add-path::")));
    const json: Readonly<Record<string, string>>[] = JSON.parse(
      results[6]!.stdout,
    );
    for (const text of json.flatMap((check) => Object.values(check))) {
      assertHarmless({ code: 0, stdout: text, stderr: "" });
      assertEquals(text.includes("\n"), false, text);
    }
  },
);

installTest(
  "a tree with a hostile name of its own is named on one line, and no command",
  async (given) => {
    for (const name of [WORST, HOSTILE["another one"]!]) {
      const root = `${given.dir}/${name}`;
      await makeTree(root, BARE, INITS["systemd"]!, {
        "usr/bin/cloud-init": elf("x86_64"),
        "usr/lib/systemd/system/cloud-init.service": "",
      });
      for (const result of await runAll({ ...given, root })) {
        assertHarmless(result);
        for (const command of ["chroot", "touch", "install.sh --root"]) {
          assertEquals(
            new RegExp(`remedy: .*${command} .*evil`).test(
              `${result.stdout}${result.stderr}`,
            ),
            false,
            `${result.stdout}${result.stderr}`,
          );
        }
      }
      await Deno.remove(root, { recursive: true });
    }
  },
);

installTest(
  "a remedy is one that the name cannot leave, or names no command",
  async (given) => {
    const names = [
      "$(id)",
      "`id`",
      "a'b",
      'a"b',
      "a;id",
      "a\\",
      "a b",
      "*",
      "-rf",
      "~",
      "\u00e9",
    ];
    for (const name of [...names, ...Object.values(HOSTILE)]) {
      await makeTree(given.root, BARE, INITS["openrc"]!, {
        [`etc/runlevels/${name}/azure-init`]: "-> x",
        "usr/bin/azure-init": elf("x86_64"),
      });
      const { stderr } = await given.install();
      const remedy = /^ {2}remedy: (.*)$/m.exec(stderr)?.[1] ?? "";
      if (names.includes(name)) {
        const [command] = remedy.split("; or go on");
        // The shell takes it for one name, the one that is there.
        const { stdout } = await given.run([
          "-c",
          `rm() { printf '%s\\0' "$@"; }; ${command}`,
        ]);
        assertEquals(
          stdout.split("\0"),
          ["--", `${given.root}/etc/runlevels/${name}/azure-init`, ""],
          remedy,
        );
      } else {
        assertEquals(remedy.includes("rm "), false, remedy);
      }
      await Deno.remove(given.root, { recursive: true });
    }
  },
);

/** What is printed for a text, and what makes it longer than a line. */
const PRINTED: readonly (readonly [string, string])[] = [
  [
    "plain 'text' with \"quotes\" \\ and $signs",
    "plain 'text' with \"quotes\" \\ and $signs",
  ],
  ["", ""],
  ["\u00e9\u{1f600}\u4e2d", "\u00e9\u{1f600}\u4e2d"],
  ["a\n", "a\\n"],
  ["\n\n", "\\n\\n"],
  ["a\tb\rc", "a\\tb\\rc"],
  ["\u001b[2J\u0001\u007f", "\\x1b[2J\\x01\\x7f"],
  ["\u0085\u009b", "\\xc2\\x85\\xc2\\x9b"],
  ["\u00a0\u00ad", "\\xc2\\xa0\\xc2\\xad"],
  ["\u2028", "\\xe2\\x80\\xa8"],
  ["\u2003", "\\xe2\\x80\\x83"],
  ["\u3000", "\\xe3\\x80\\x80"],
  ["\u202e\u2069\u061c", "\\xe2\\x80\\xae\\xe2\\x81\\xa9\\xd8\\x9c"],
  ["##[x]###", "\\x23#[x]\\x23\\x23#"],
  ["# # a#", "# # a#"],
  ["%s%n", "%s%n"],
  ["-n", "-n"],
];

installTest(
  "escapes what is more than a name, and nothing else",
  async ({ run }) => {
    const said = async (text: string) => (await run([
      "-euc",
      '. "$1/image/printable.sh"; . "$1/image/messages.sh"; LC_ALL=C; say "$2"; warn "$2"; complain "$2"; (die 3 "$2") || echo "$?"',
      "sh",
      ROOT.replace(/\/$/, ""),
      text,
    ]));
    for (const [text, printed] of PRINTED) {
      assertEquals(await said(text), {
        code: 0,
        stdout: `${printed}\n3\n`,
        stderr: `Warning: ${printed}\nError: ${printed}\nError: ${printed}\n`,
      });
    }
    for (
      const long of [
        "x".repeat(100_000),
        "\u00e9".repeat(40_000),
        "\n".repeat(9000),
      ]
    ) {
      const { stdout } = await said(long);
      assertMatch(stdout, / \(and more\)\n3\n$/);
      assertEquals(stdout.length < 4200, true);
    }
  },
);

installTest(
  "escapes bytes that are no text, also where there is no awk",
  async (given) => {
    const say = async (path: string) =>
      await given.run([
        "-euc",
        'text=$(printf "a\\377\\300\\257\\355\\240\\200b\\n\\033#"); . "$1/image/printable.sh"; . "$1/image/messages.sh"; PATH=$2 LC_ALL=C; say "$text"',
        "sh",
        ROOT.replace(/\/$/, ""),
        path,
      ]);
    assertEquals(
      (await say("/usr/bin:/bin")).stdout,
      "a\\xff\\xc0\\xaf\\xed\\xa0\\x80b\\n\\x1b#\n",
    );
    await Deno.mkdir(`${given.dir}/bin`);
    for (const tool of ["tr", "cut"]) {
      await Deno.symlink(`/usr/bin/${tool}`, `${given.dir}/bin/${tool}`);
    }
    const { stdout } = await say(`${given.dir}/bin`);
    // A shell may have an awk of its own.
    assertMatch(
      stdout,
      /^(a\?{6}b\?{3}|a\\xff\\xc0\\xaf\\xed\\xa0\\x80b\\n\\x1b#)\n$/,
    );
  },
);

Deno.test("no script writes to the standard error by another way", async () => {
  const bypasses: string[] = [];
  for (const script of await imageScripts()) {
    const text = await Deno.readTextFile(`${ROOT}${script}`);
    for (const line of text.split("\n")) {
      if (!/>&2/.test(line) || /^\s*#/.test(line)) continue;
      if (/^\s*say "/.test(line)) continue;
      bypasses.push(`${script}: ${line.trim()}`);
    }
  }
  assertEquals(
    bypasses,
    [
      "image/generalize.sh: printf 'Type \"yes\" to do this: ' >&2",
    ],
  );
});
