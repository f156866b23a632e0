import { assertEquals, assertStringIncludes } from "@std/assert";
import { sshdFiles } from "../../../lib/parts/login/sshd/sshd_files.ts";
import {
  passwordsAllowed,
  readSshdSettings,
} from "../../../lib/parts/login/sshd/sshd_settings.ts";
import { loginTest, runWith } from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";

/** The files of /etc/ssh, by their path in it. */
type Config = Readonly<Record<string, string>>;

const INCLUDE = "Include /etc/ssh/sshd_config.d/*.conf\n";
const OFF = "PasswordAuthentication no\nKbdInteractiveAuthentication no\n";
const ON = "PasswordAuthentication yes\n";

const CONFIGS: Readonly<Record<string, Config>> = {
  "nothing": { "sshd_config": "" },
  "all off": { "sshd_config": OFF },
  "one off": { "sshd_config": "PasswordAuthentication no\n" },
  "an older name": {
    "sshd_config":
      "passwordauthentication no\nChallengeResponseAuthentication no",
  },
  "the older name first": {
    "sshd_config": `ChallengeResponseAuthentication yes\n${OFF}`,
  },
  "the oldest name first": {
    "sshd_config":
      "SkeyAuthentication no\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\n",
  },
  "words in capitals, quotes, with an equals sign and comments": {
    "sshd_config":
      `\t PASSWORDAUTHENTICATION="no" # yes\n  KbdInteractiveAuthentication =\tNO\t \r\n`,
  },
  "a quoted keyword, and single quotes": {
    "sshd_config":
      `"PasswordAuthentication" 'no'\nKbdInteractiveAuthentication n"o"\n`,
  },
  "quotes inside a keyword": {
    "sshd_config": `Pass"wordAuthentication" yes\n${OFF}`,
  },
  "an equals sign before a keyword": { "sshd_config": `= ${ON}${OFF}` },
  "an empty word before a keyword": { "sshd_config": `"" ${ON}${OFF}` },
  "a keyword whose quote has no end": { "sshd_config": `"${ON}${OFF}` },
  "a set that holds ^": {
    "sshd_config": `Include [^a].conf\n${OFF}`,
    "a.conf": ON,
    "b.conf": OFF,
  },
  "a pattern of bytes": {
    "sshd_config": `Include ??.conf\n${OFF}`,
    "\u00e9.conf": ON,
  },
  "a character that is no byte": {
    "sshd_config": `Include ?.conf\n${OFF}`,
    "\u00e9.conf": ON,
  },
  "a dot that is escaped": {
    "sshd_config": `Include \\.h*\n${OFF}`,
    ".h": ON,
  },
  "a set without its end": {
    "sshd_config": `Include [!].conf\n${OFF}`,
    "x.conf": ON,
  },
  "a folder among the files": {
    "sshd_config": `Include a.d*\n${OFF}`,
    "a.d/x": ON,
  },
  "an earlier drop-in": {
    "sshd_config": INCLUDE,
    "sshd_config.d/00-azure-provisioning.conf": OFF,
    "sshd_config.d/00-aaa.conf": ON,
  },
  "a later drop-in": {
    "sshd_config": INCLUDE,
    "sshd_config.d/00-azure-provisioning.conf": OFF,
    "sshd_config.d/10-cloud.conf": ON,
  },
  "capitals before small letters": {
    "sshd_config": INCLUDE,
    "sshd_config.d/a.conf": OFF,
    "sshd_config.d/Z.conf": ON,
  },
  "names beyond ASCII, in the order of their bytes": {
    "sshd_config": INCLUDE,
    "sshd_config.d/\uff5e.conf": OFF,
    "sshd_config.d/\u{1f600}.conf": ON,
  },
  "a hidden drop-in, and one of another name": {
    "sshd_config": INCLUDE + OFF,
    "sshd_config.d/.a.conf": ON,
    "sshd_config.d/a.conf.bak": ON,
  },
  "several patterns in a line, in their order": {
    "sshd_config": `Include "b.d/*" a.d/*.conf /etc/ssh/none/*\n`,
    "a.d/x.conf": OFF,
    "b.d/x": ON,
  },
  "patterns with ?, sets and escapes": {
    "sshd_config": "Include a.d/?[a-c][!x].conf b.d/\\*\n",
    "a.d/1bx.conf": ON,
    "a.d/1by.conf": OFF,
    "b.d/*": ON,
  },
  "folders in a pattern": {
    "sshd_config": "Include */z.conf\n",
    "b.d/z.conf": ON,
    "a.d/z.conf": OFF,
  },
  "an include in an include": {
    "sshd_config": INCLUDE,
    "sshd_config.d/a.conf": "Include more.conf\n",
    "more.conf": ON,
    "sshd_config.d/b.conf": OFF,
  },
  "an include within a Match": {
    "sshd_config": `Match User other\n${INCLUDE}Match all\n${OFF}`,
    "sshd_config.d/a.conf": ON,
  },
  "off within a Match only": { "sshd_config": `Match User other\n${OFF}` },
  "on for a user": { "sshd_config": `${OFF}Match User azure\n  ${ON}` },
  "on for all": { "sshd_config": `${OFF}Match all\n  ${ON}` },
  "off for all, whatever is said before": {
    "sshd_config": `${ON}Match ALL\n  ${OFF}`,
  },
  "off for all, and on for a user after that": {
    "sshd_config": `Match all\n  ${OFF}Match User azure\n  ${ON}`,
  },
  "on for a user, and off for all after that": {
    "sshd_config": `Match User azure\n  ${ON}Match all\n  ${OFF}`,
  },
  "a Match that ends with its file": {
    "sshd_config": INCLUDE + ON,
    "sshd_config.d/a.conf": `Match User other\n${OFF}`,
  },
  "a Match of a drop-in": {
    "sshd_config": INCLUDE + OFF,
    "sshd_config.d/a.conf": `Match User azure\n${ON}`,
  },
};

const LINES = [
  "PasswordAuthentication yes",
  "PasswordAuthentication no",
  "KbdInteractiveAuthentication no",
  "ChallengeResponseAuthentication yes",
  "Match all",
  "Match User azure",
  "Match User other",
  "Include a.d/*",
  "Include b.conf",
  "# Include a.d/*",
];

/** The same ones at every run. */
function randomConfigs(count: number): Config[] {
  let seed = 1;
  const below = (limit: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(seed / 2 ** 31 * limit);
  };
  const text = (lines: readonly string[]) =>
    Array.from({ length: below(5) + 1 }, () => lines[below(lines.length)])
      .join("\n");
  // Those in a.d include nothing, so that none includes itself.
  const plain = LINES.filter((line) => !line.startsWith("Include"));
  return Array.from({ length: count }, () => ({
    "sshd_config": text(LINES),
    "a.d/1": text(plain),
    "a.d/2": text(plain),
    "b.conf": text(plain),
  }));
}

/** What sshd says at large, and of connections of two users; a line for each that takes passwords. */
const SAY = `
  ssh-keygen -A >/dev/null
  mkdir -p /run/sshd
  mv /etc/ssh/ssh_host_* /keys
  for config in /configs/*; do
    rm -rf /etc/ssh
    cp -R "$config" /etc/ssh
    cp /keys/ssh_host_* /etc/ssh
    number=\${config##*/}
    for user in '' azure other; do
      sshd -T \${user:+-C "user=$user,host=h,addr=192.0.2.1"} >/tmp/said 2>&1 ||
        { echo "$number fails: $(cat /tmp/said)"; continue; }
      ! grep -Eq '^(password|kbdinteractive)authentication yes$' /tmp/said || echo "$number"
    done
  done`;

loginTest(
  "what is read of sshd's configuration is what sshd reads",
  "shadow",
  async (machine) => {
    const configs = [...Object.values(CONFIGS), ...randomConfigs(100)];
    for (const [number, config] of configs.entries()) {
      for (const [path, text] of Object.entries(config)) {
        const file = `${machine.tree}/configs/${number}/${path}`;
        await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
          recursive: true,
        });
        await Deno.writeTextFile(file, text);
      }
    }
    const { code, stdout, stderr } = await machine.run(SAY);
    assertEquals(code, 0, stderr);
    const taking = new Set(stdout.split("\n"));
    const names = Object.keys(CONFIGS);
    for (const [number, config] of configs.entries()) {
      const files = sshdFilesAt(`${machine.tree}/configs/${number}`, machine);
      const { settings, problem } = readSshdSettings(
        "/etc/ssh/sshd_config",
        files,
      );
      assertEquals(problem, undefined);
      assertEquals(
        passwordsAllowed(settings).length > 0,
        taking.has(String(number)),
        names[number] ?? JSON.stringify(config),
      );
    }
    assertEquals([...taking].filter((line) => line.includes("fails")), []);
  },
);

/** The configuration lies in a folder that stands for /etc/ssh. */
function sshdFilesAt(path: string, { tree }: LoginMachine) {
  const etcDir = `${path}.etc`;
  Deno.mkdirSync(etcDir);
  Deno.symlinkSync(path, `${etcDir}/ssh`);
  return sshdFiles({ etcDir, withDropIn: tree === "" });
}

for (
  const [what, files, reason] of [
    [
      "an earlier drop-in turns them on",
      { "sshd_config.d/00-aaa.conf": ON },
      'line 1 of "/etc/ssh/sshd_config.d/00-aaa.conf" sets PasswordAuthentication to "yes"; fix that in the image',
    ],
    [
      "a Match turns them on",
      { "sshd_config.d/90-x.conf": `Match User azure\n${ON}` },
      'line 2 of "/etc/ssh/sshd_config.d/90-x.conf" sets PasswordAuthentication to "yes" in "Match User azure"; fix that in the image',
    ],
  ] as const
) {
  loginTest(
    `nobody is told that passwords are off in sshd where ${what}`,
    "shadow",
    async (machine) => {
      for (const [path, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${machine.tree}/etc/ssh/${path}`, text);
      }
      const { code, stdout, stderr } = await runWith(
        machine,
        '"$0" user; "$0" ssh-keys; mkdir -p /run/sshd; sshd -T -C user=azure,host=h,addr=192.0.2.1 | grep ^password',
      );
      assertEquals(code, 0, stderr);
      assertEquals(
        stdout,
        'Created admin user "azure"\nSSH keys of "azure" written: 1\npasswordauthentication yes\n',
      );
      assertStringIncludes(
        stderr,
        `sshd may accept passwords, although the VM was created without: ${reason}`,
      );
    },
  );
}
