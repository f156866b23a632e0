import { assertEquals, assertMatch } from "@std/assert";
import { runOnTree, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

const UNITS = "/usr/lib/systemd/system";
const ETC = "/etc/systemd/system";
const UNIT = `${UNITS}/systemd-firstboot.service`;

/** An image whose first boot asks for everything. */
const ASKS: Files = {
  "/sbin/init": "-> /usr/lib/systemd/systemd",
  "/usr/lib/systemd/systemd": "#!/bin/sh\n",
  "/etc/machine-id": "uninitialized\n",
  "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  "/etc/shadow": "root:!unprovisioned:20000::::::\n",
  "/usr/lib/locale/C.utf8/LC_CTYPE": "",
  "/usr/lib/locale/de_DE.utf8/LC_CTYPE": "",
  "/usr/share/keymaps/i386/us.map.gz": "",
  [UNIT]:
    "[Service]\nExecStart=systemd-firstboot --prompt-locale --prompt-keymap --prompt-timezone --prompt-root-password\n",
  [`${UNITS}/sysinit.target.wants/systemd-firstboot.service`]:
    "-> ../systemd-firstboot.service",
  [`${UNITS}/multi-user.target`]:
    "[Unit]\nRequires=basic.target\nAfter=basic.target\n",
  [`${UNITS}/basic.target`]:
    "[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\n",
  [`${UNITS}/sysinit.target`]: "[Unit]\n",
  [`${UNITS}/default.target`]: "-> multi-user.target",
};

/** What an image has that leaves out one question. */
const ANSWERS = {
  "the locale": { "/etc/locale.conf": "LANG=C.UTF-8\n" },
  "the keymap": { "/etc/vconsole.conf": "-> default/keyboard" },
  "the time zone": { "/etc/localtime": "-> ../usr/share/zoneinfo/UTC" },
  "root's password": { "/etc/shadow": "root:*:20000::::::\n" },
} satisfies Record<string, Files>;

/** Images like that, and what is said of them. */
const TREES: readonly (readonly [string, Files, RegExp])[] = [
  [
    "nothing else",
    {},
    /^failure .*asks for the locale, the keymap, the time zone, root's password at the console.*; remedy: .*systemctl --root=\S+ mask systemd-firstboot\.service$/,
  ],
  ["no machine ID", { "/etc/machine-id": undefined }, /^failure /],
  ["an empty machine ID", { "/etc/machine-id": "" }, /^ok /],
  [
    "a machine ID",
    { "/etc/machine-id": "0123456789abcdef0123456789abcdef\n" },
    /^ok /,
  ],
  ["no such service", {
    [UNIT]: undefined,
    [`${UNITS}/sysinit.target.wants/systemd-firstboot.service`]: undefined,
  }, /^ok /],
  [
    "the service masked",
    { [`${ETC}/systemd-firstboot.service`]: "-> /dev/null" },
    /^ok /,
  ],
  ["a service that asks for nothing", {
    [UNIT]: "[Service]\nExecStart=systemd-firstboot --copy-timezone\n",
  }, /^ok /],
  [
    "a service with one option for all",
    { [UNIT]: "[Service]\nExecStart=systemd-firstboot --prompt\n" },
    /^failure .*asks for the locale, the keymap/,
  ],
  ["a drop-in with another command", {
    [`${ETC}/systemd-firstboot.service.d/a.conf`]:
      "[Service]\nExecStart=\nExecStart=/bin/true\n",
  }, /^ok /],
  ["a drop-in with nothing of it", {
    [`${ETC}/systemd-firstboot.service.d/a.conf`]: "[Service]\nNice=5\n",
  }, /^failure /],
  [
    "a kernel that turns it off",
    { "/etc/kernel/cmdline": "root=LABEL=x systemd.firstboot=off quiet\n" },
    /^ok /,
  ],
  [
    "a loader that turns it off",
    { "/boot/loader/entries/a.conf": "options rw systemd.firstboot=no\n" },
    /^ok /,
  ],
  ["all answers", Object.assign({}, ...Object.values(ANSWERS)), /^ok /],
  ["one locale and no keymap to choose", {
    ...ANSWERS["the time zone"],
    ...ANSWERS["root's password"],
    "/usr/lib/locale/de_DE.utf8": undefined,
    "/usr/share/keymaps/i386": undefined,
  }, /^ok /],
  ...Object.entries(ANSWERS).map(([left, files]) =>
    [
      `an answer for ${left}`,
      files,
      new RegExp(`^failure systemd asks for (?!.*${left})`),
    ] as const
  ),
  [
    "another wizard",
    {
      "/etc/machine-id": "",
      [`${UNITS}/jeos-firstboot.service`]: "[Service]\nExecStart=/bin/true\n",
      [`${ETC}/default.target.wants/jeos-firstboot.service`]:
        `-> ${UNITS}/jeos-firstboot.service`,
      [`${ETC}/multi-user.target.wants/jeos-firstboot.service`]:
        `-> ${UNITS}/jeos-firstboot.service`,
    },
    /^warning jeos-firstboot\.service may ask .*mask jeos-firstboot\.service$/,
  ],
];

for (const [name, files, says] of TREES) {
  shellTest(
    `check looks whether the console is asked questions: ${name}`,
    async (shell, folder) => {
      const root = `${folder}/tree`;
      const all = { ...ASKS, ...files };
      const gone = Object.keys(files).filter((it) => files[it] === undefined);
      await makeTree(
        root,
        Object.fromEntries(
          Object.entries(all).filter(([path]) =>
            !gone.some((it) => path === it || path.startsWith(`${it}/`))
          ),
        ),
      );
      const { stdout } = await runOnTree(shell, "check.sh", root);
      const line = /^(.*) console_questions: (.*)$/m.exec(stdout);
      assertEquals(line === null, false, stdout);
      assertMatch(`${line![1]} ${line![2]}`, says);
    },
  );
}
