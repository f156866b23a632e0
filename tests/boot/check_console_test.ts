import type { Boot } from "./_boot.ts";
import { checkTest, type Row } from "./_check_case.ts";
import { NETWORKD, type Recipe, recipe } from "./_recipes.ts";

/** The questions of this systemd need no package of time zones. */
const TRIXIE: Recipe = {
  ...recipe("networkd-trixie", "systemd"),
  ...NETWORKD,
  suite: "trixie",
};

/** The boot goes no further, and reports nothing. */
const waits = (boot: Boot) =>
  boot.console().includes("Press any key to proceed") &&
  boot.platform!.seen().lines.length === 0;

const UNINITIALIZED = { path: "/etc/machine-id", text: "uninitialized\n" };

const ROWS: readonly Row[] = [
  {
    change: "a machine ID that makes the boot a first one",
    files: [UNINITIALIZED],
    fails: ["console_questions"],
    failsLike: waits,
  },
  {
    change: "no machine ID",
    damage: (tree) => Deno.remove(`${tree}/etc/machine-id`),
    fails: ["console_questions"],
    failsLike: waits,
  },
  {
    change: "a first boot, a time zone and an account of root's",
    files: [UNINITIALIZED, {
      path: "/etc/shadow",
      text: "root:*:20000::::::\n",
    }],
    damage: (tree) =>
      Deno.symlink("../usr/share/zoneinfo/UTC", `${tree}/etc/localtime`),
  },
  {
    change: "a first boot and nothing that asks",
    files: [UNINITIALIZED],
    damage: (tree) =>
      Deno.symlink(
        "/dev/null",
        `${tree}/etc/systemd/system/systemd-firstboot.service`,
      ),
  },
];

for (const row of ROWS) checkTest({ ...row, recipe: TRIXIE });
