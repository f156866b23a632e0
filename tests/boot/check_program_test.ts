import { checkTest, type Row } from "./_check_case.ts";

const PROGRAM = "/usr/local/bin/azure-provisioning";
const UNIT = "/etc/systemd/system/azure-provisioning.service";
const UNIT_LINK =
  "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service";

const ROWS: readonly Row[] = [
  {
    change: "a program that was cut off",
    damage: (tree) => Deno.truncate(`${tree}${PROGRAM}`, 90_000_000),
    fails: ["program"],
  },
  {
    change: "a program that lacks what strip takes away",
    damage: async (tree) => {
      const { size } = await Deno.stat(`${tree}${PROGRAM}`);
      await Deno.truncate(`${tree}${PROGRAM}`, size - 24);
    },
    fails: ["program"],
  },
  {
    change: "no program",
    damage: (tree) => Deno.remove(`${tree}${PROGRAM}`),
    fails: ["program"],
  },
  {
    change: "a program that nobody may execute",
    damage: (tree) => Deno.chmod(`${tree}${PROGRAM}`, 0o644),
    fails: ["program"],
  },
  {
    change: "a web page in the program's place",
    files: [{ path: PROGRAM, text: "<!DOCTYPE html>\n", mode: 0o755 }],
    fails: ["program"],
  },
  {
    change: "a program that a bad disk has changed",
    // It is as long as before, and begins and ends as before.
    damage: (tree) => overwrite(tree, 20_000_000, new Uint8Array(60_000_000)),
    fails: ["checksum"],
  },
  {
    change: "a program for arm64",
    damage: (tree) => overwrite(tree, 18, Uint8Array.of(0xb7, 0)),
    fails: ["checksum", "architecture"],
  },
  {
    change: "a library missing",
    damage: (tree) =>
      Deno.remove(`${tree}/usr/lib/x86_64-linux-gnu/libgcc_s.so.1`),
    fails: ["libraries"],
  },
  {
    change: "no DHCP client",
    damage: (tree) => Deno.remove(`${tree}/usr/lib/systemd/systemd-networkd`),
    fails: ["dhcp_client", "dhcp_enabled"],
  },
  {
    change: "a unit that is not enabled",
    damage: (tree) => Deno.remove(`${tree}${UNIT_LINK}`),
    fails: ["unit"],
  },
  {
    change: "a unit that is masked",
    damage: async (tree) => {
      await Deno.remove(`${tree}${UNIT}`);
      await Deno.symlink("/dev/null", `${tree}${UNIT}`);
    },
    fails: ["unit"],
  },
  {
    change: "no unit",
    damage: (tree) => Deno.remove(`${tree}${UNIT}`),
    fails: ["unit"],
  },
  {
    change: "an agent that reports as well",
    files: [
      {
        path: "/usr/sbin/waagent",
        mode: 0o755,
        text: anotherReporter(),
      },
      {
        path: "/etc/systemd/system/walinuxagent.service",
        text: "[Service]\nExecStart=/usr/sbin/waagent\n",
      },
      {
        path: "/etc/systemd/system/multi-user.target.d/agent.conf",
        text: "[Unit]\nWants=walinuxagent.service\n",
      },
    ],
    fails: ["reporters"],
    failsLike: (boot) => boot.platform!.seen().ready.length === 2,
  },
];

for (const row of ROWS) checkTest(row);

async function overwrite(
  tree: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  using file = await Deno.open(`${tree}${PROGRAM}`, { write: true });
  await file.seek(offset, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/** A program of nothing but bash and coreutils that reports Ready as the Azure Linux Agent does. */
function anotherReporter(): string {
  return String.raw`#!/bin/bash
headers='Host: 168.63.129.16\r\nx-ms-version: 2012-11-30\r\nx-ms-agent-name: WALinuxAgent\r\nConnection: close\r\n'
ask() { exec 3<>/dev/tcp/168.63.129.16/80 && printf "$@" >&3 && cat <&3; }
until goal=$(ask "GET /machine?comp=goalstate HTTP/1.1\r\n$headers\r\n" 2>/dev/null); do sleep 0.2; done
value() { printf %s "$goal" | sed -n "s/.*<$1>\([^<]*\)<.*/\1/p" | head -n 1; }
body="<Health><GoalStateIncarnation>$(value Incarnation)</GoalStateIncarnation><Container><ContainerId>$(value ContainerId)\
</ContainerId><RoleInstanceList><Role><InstanceId>$(value InstanceId)</InstanceId><Health><State>Ready</State></Health></Role>\
</RoleInstanceList></Container></Health>"
ask "POST /machine?comp=health HTTP/1.1\r\n$headers""Content-Type: text/xml;charset=utf-8\r\nContent-Length: ${"$"}{#body}\r\n\r\n%s" "$body"
`;
}
