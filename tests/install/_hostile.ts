import { assert } from "@std/assert";
import { type ProgramResult, ROOT } from "../helpers/program.ts";
import type { InstallCase } from "./_case.ts";
import { BARE, elf, type Files, INITS } from "./_tree.ts";

/** Texts that would be more than a name if they were printed as they are. */
export const HOSTILE: Readonly<Record<string, string>> = {
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
export function assertHarmless({ stdout, stderr }: ProgramResult): void {
  for (const line of `${stdout}\n${stderr}`.split("\n")) {
    assert(!CONTROL.test(line), JSON.stringify(line));
    assert(!/^\s*::/.test(line), line);
    assert(!line.includes("##"), line);
  }
}

/** A tree that has a name wherever a script may come across it. */
export function image(name: string): Files {
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

/** Runs everything that the scripts can do with a tree. */
export async function runAll(
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
export const WORST = Object.values(HOSTILE).join("");
