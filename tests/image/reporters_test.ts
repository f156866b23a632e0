import { assertEquals, assertMatch } from "@std/assert";
import { checkLines } from "./_check.ts";
import { type Shell, shellTest } from "./_shells.ts";
import { type Files, PROGRAM, SYSTEMD } from "./_tree.ts";

const AGENT = "/usr/lib/systemd/system/waagent.service";
const UNIT: Files = {
  ...SYSTEMD,
  [AGENT]: "[Service]\nExecStart=/oem/bin/waagent -daemon\n",
  "/oem/bin/waagent": PROGRAM,
};
/** The same program, in a unit that no list has. */
const OTHER: Files = {
  ...SYSTEMD,
  "/etc/systemd/system/host.service":
    "[Service]\nExecStart=-/usr/bin/python3 -u /oem/bin/waagent -daemon\n",
  "/oem/bin/waagent": PROGRAM,
};
const ETC = "/etc/systemd/system";

/** Trees in which something else reports, and what is said of what starts it. */
const STARTED: Readonly<Record<string, readonly [Files, RegExp]>> = {
  upholds: [
    { ...UNIT, [`${ETC}/multi-user.target.upholds/waagent.service`]: "-> x" },
    /enabled by \S+\.upholds\/waagent\.service/,
  ],
  "upholds in a drop-in": [
    {
      ...UNIT,
      "/usr/lib/systemd/system/multi-user.target.d/10-agent.conf":
        "[Unit]\nUpholds=waagent.service\n",
    },
    /enabled by \S+\/10-agent\.conf.* mask waagent\.service/,
  ],
  requires: [
    { ...UNIT, [`${ETC}/basic.target.requires/waagent.service`]: "-> x" },
    /disable waagent\.service/,
  ],
  "wants on two lines": [
    {
      ...UNIT,
      [`${ETC}/multi-user.target.wants/oem.service`]: "-> ../oem.service",
      [`${ETC}/oem.service`]: "[Unit]\nWants=a.service \\\n  waagent.service\n",
    },
    /enabled by \S+\/oem\.service/,
  ],
  "binds to": [
    {
      ...UNIT,
      [`${ETC}/multi-user.target.wants/oem.service`]: "-> ../oem.service",
      [`${ETC}/oem.service`]: "[Unit]\nBindsTo=waagent.service\n",
    },
    /enabled by/,
  ],
  "an alias": [
    {
      ...UNIT,
      [`${ETC}/agent.service`]: `-> ${AGENT}`,
      [`${ETC}/multi-user.target.wants/agent.service`]: "-> x",
    },
    /enabled by \S+\/agent\.service/,
  ],
  "a timer": [
    {
      ...UNIT,
      [`${ETC}/timers.target.wants/waagent.timer`]: "-> x",
    },
    /enabled by \S+\/waagent\.timer/,
  ],
  "a timer of another name": [
    {
      ...UNIT,
      [`${ETC}/timers.target.wants/daily.timer`]: "-> ../daily.timer",
      [`${ETC}/daily.timer`]: "[Timer]\nUnit=waagent.service\n",
    },
    /enabled by \S+\/daily\.timer/,
  ],
  "a path": [
    { ...UNIT, [`${ETC}/paths.target.wants/waagent.path`]: "-> x" },
    /enabled by \S+\/waagent\.path/,
  ],
  "a socket": [
    { ...UNIT, [`${ETC}/sockets.target.wants/waagent.socket`]: "-> x" },
    /enabled by \S+\/waagent\.socket/,
  ],
  "a device": [
    {
      ...UNIT,
      "/etc/udev/rules.d/66-azure.rules":
        'SUBSYSTEM=="net", TAG+="systemd", ENV{SYSTEMD_WANTS}+="waagent.service"\n',
    },
    /enabled by \/etc\/udev\/rules\.d\/66-azure\.rules/,
  ],
  "a generator": [
    {
      ...UNIT,
      "/usr/lib/systemd/system-generators/oem":
        '#!/bin/sh\nln -s /x "$1/multi-user.target.wants/waagent.service"\n',
    },
    /enabled by \S+\/system-generators\/oem/,
  ],
  "a preset at a first boot": [
    {
      ...UNIT,
      "/etc/machine-id": "uninitialized\n",
      [AGENT]:
        "[Service]\nExecStart=/oem/bin/waagent\n[Install]\nWantedBy=multi-user.target\n",
      "/usr/lib/systemd/system-preset/50-oem.preset": "enable waagent.*\n",
      "/usr/lib/systemd/system-preset/99-all.preset": "disable *\n",
    },
    /enabled by \S+\/50-oem\.preset/,
  ],
  "a unit of another name": [
    { ...OTHER, [`${ETC}/multi-user.target.wants/host.service`]: "-> x" },
    /Azure Linux Agent, enabled by \/etc\/systemd\/system\/host\.service/,
  ],
  "a script of its own that reports": [
    {
      ...SYSTEMD,
      [`${ETC}/ready.service`]: "[Service]\nExecStart=/opt/ready.sh\n",
      [`${ETC}/multi-user.target.wants/ready.service`]: "-> ../ready.service",
      "/opt/ready.sh":
        "#!/bin/sh\ncurl http://168.63.129.16/machine?comp=health\n",
    },
    /the script \/opt\/ready\.sh/,
  ],
  "rc.local": [
    { "/etc/rc.local": "#!/bin/sh\n/oem/bin/waagent -daemon &\n" },
    /enabled by \/etc\/rc\.local/,
  ],
  cron: [
    { ...SYSTEMD, "/etc/cron.d/oem": "@reboot root /oem/bin/azure-init\n" },
    /azure-init, enabled by \/etc\/cron\.d\/oem/,
  ],
  "a script of SysV under systemd": [
    {
      ...SYSTEMD,
      "/etc/init.d/waagent": PROGRAM,
      "/etc/rc2.d/S01waagent": "-> ../init.d/waagent",
    },
    /enabled by \/etc\/rc2\.d\/S01waagent/,
  ],
  OpenRC: [
    {
      "/sbin/openrc-run": PROGRAM,
      "/etc/runlevels/default/waagent": "-> /etc/init.d/waagent",
    },
    /enabled by \/etc\/runlevels\/default\/waagent/,
  ],
  runit: [
    {
      "/sbin/init": "-> /sbin/runit-init",
      "/sbin/runit-init": PROGRAM,
      "/etc/runit/2": PROGRAM,
      "/etc/runit/runsvdir/default/waagent": "-> /etc/sv/waagent",
      "/etc/sv/waagent/run": PROGRAM,
    },
    /enabled by \/etc\/runit\/runsvdir\/default\/waagent/,
  ],
};

/** Trees in which nothing else reports, although something could. */
const IDLE: Readonly<Record<string, Files>> = {
  "a unit that nothing starts": UNIT,
  "a masked unit": {
    ...UNIT,
    [`${ETC}/waagent.service`]: "-> /dev/null",
    [`${ETC}/multi-user.target.upholds/waagent.service`]: "-> x",
  },
  "a link that is masked": {
    ...UNIT,
    [`${ETC}/multi-user.target.wants/waagent.service`]: "-> /dev/null",
    "/usr/lib/systemd/system/multi-user.target.wants/waagent.service":
      "-> ../waagent.service",
  },
  "a directive of a unit that nothing starts": {
    ...UNIT,
    [`${ETC}/oem.service`]: "[Unit]\nWants=waagent.service\n",
  },
  "a comment": {
    ...UNIT,
    [`${ETC}/multi-user.target.d/a.conf`]: "[Unit]\n#Wants=waagent.service\n",
  },
  "a file in /usr that one in /etc replaces": {
    ...UNIT,
    "/usr/lib/systemd/system/oem.service": "[Unit]\nWants=waagent.service\n",
    [`${ETC}/oem.service`]: "[Service]\nExecStart=/bin/true\n",
    [`${ETC}/multi-user.target.wants/oem.service`]: "-> x",
  },
  "a preset without a first boot": {
    ...UNIT,
    [AGENT]: "[Install]\nWantedBy=multi-user.target\n",
    "/usr/lib/systemd/system-preset/50-oem.preset": "enable waagent.*\n",
  },
  "a preset that disables": {
    ...UNIT,
    "/etc/machine-id": "uninitialized\n",
    [AGENT]: "[Install]\nWantedBy=multi-user.target\n",
    "/usr/lib/systemd/system-preset/50-oem.preset": "enable waagent.*\n",
    "/etc/systemd/system-preset/10-none.preset": "disable waagent.service\n",
  },
  "a program that waits for another one": {
    ...SYSTEMD,
    [`${ETC}/wait.service`]: "[Service]\nExecStart=/bin/grep waagent /x\n",
    [`${ETC}/multi-user.target.wants/wait.service`]: "-> x",
  },
  "OpenRC's link under systemd": {
    ...SYSTEMD,
    "/sbin/openrc-run": PROGRAM,
    "/etc/runlevels/default/waagent": "-> /etc/init.d/waagent",
  },
};

async function said(shell: Shell, root: string, files: Files): Promise<string> {
  return (await checkLines(shell, root, files))["reporters"] ?? "";
}

shellTest(
  "check finds another reporter in every way that an init starts it",
  async (shell, folder) => {
    for (const [name, [files, words]] of Object.entries(STARTED)) {
      const line = await said(
        shell,
        `${folder}/${name.replaceAll(" ", "-")}`,
        files,
      );
      assertMatch(line, /^failure /, name);
      assertMatch(line, words, name);
    }
  },
);

shellTest(
  "check passes over a reporter that nothing starts",
  async (shell, folder) => {
    for (const [name, files] of Object.entries(IDLE)) {
      const line = await said(
        shell,
        `${folder}/${name.replaceAll(" ", "-")}`,
        files,
      );
      assertEquals(
        line,
        "ok reporters: nothing else reports to the platform",
        name,
      );
    }
  },
);
