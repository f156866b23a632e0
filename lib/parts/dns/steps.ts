import type { DhcpClient } from "../../dhcp/clients.ts";

/** A program to run. */
export interface Step {
  /** The program's name. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether it needs more than the sandbox of the systemd unit has, such as raw sockets. */
  readonly needsMore?: boolean;
}

/** What telling a client takes. */
export interface Steps {
  readonly kind: "steps";
  /** What has to be there before, such as the leases of a dhclient of our own. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  /** The program that has the client, or the server, learn the name. */
  readonly tell: Step;
  /** What ends a process that it leaves behind, where no unit of systemd's does. */
  readonly end?: Step;
  /** What may keep it from working, although nothing fails. */
  readonly doubt?: string;
}

/** What telling a client takes, or why it cannot be told. */
export type Plan = Steps | { readonly kind: "none"; readonly why: string };

/** What a client's own program gets, in milliseconds. */
const ASK_MS = 3_000;

/** What a whole exchange with the server gets, in milliseconds. */
const EXCHANGE_MS = 5_000;

/**
 * Decides how a client, or the server in its stead, learns the name. The address
 * stays: nothing here takes a link down, ends a client that runs, releases a lease,
 * or removes an address.
 *
 * Measured with Debian 12's clients. Ways that do not work there, though they are
 * named like it: `networkctl renew` sends the name that systemd-networkd was started
 * with, and `networkctl reconfigure` removes the address for a moment; `nmcli device
 * reapply` sends nothing, and `nmcli connection up` removes the address.
 *
 * @param client The client.
 * @param name The name.
 * @param stateDir Where files of a dhclient of our own may be.
 * @returns What to run.
 */
export function planFor(
  client: DhcpClient,
  name: string,
  stateDir: string,
): Plan {
  switch (client.kind) {
    case "systemd-networkd":
      return client.keepsAddress ? restartNetworkd() : {
        kind: "none",
        why:
          "this systemd-networkd is too old to keep the address over a restart, and takes a new name at no other time",
      };
    case "NetworkManager":
      return steps({
        program: "nmcli",
        args: ["device", "modify", client.device, "ipv4.dhcp-hostname", name],
        timeoutMs: ASK_MS,
      });
    case "dhcpcd":
      return dhcpcd(client, name);
    case "udhcpc":
      return steps({
        program: "udhcpc",
        args: [
          "-f",
          "-n",
          "-q",
          "-t",
          "3",
          "-T",
          "1",
          "-x",
          `hostname:${name}`,
          "-s",
          "/bin/true",
          "-i",
          client.device,
        ],
        timeoutMs: EXCHANGE_MS,
        needsMore: true,
      });
    case "dhclient":
      return dhclient(client, name, stateDir);
  }
}

function steps(tell: Step): Steps {
  return { kind: "steps", tell };
}

/** It asks for its name when it starts, keeps address and routes over a restart, and asks the server for the address anew. */
function restartNetworkd(): Plan {
  return steps({
    program: "systemctl",
    args: ["--no-ask-password", "restart", "systemd-networkd.service"],
    timeoutMs: EXCHANGE_MS,
  });
}

/** It asks the server for the address that it has, and goes on using it meanwhile. */
function dhcpcd(
  { device, takesName, tellsName }: DhcpClient & { kind: "dhcpcd" },
  name: string,
): Plan {
  const plan = steps({
    program: "dhcpcd",
    // A process that turned out to be gone would be started: it must not take the address along when it ends.
    args: ["-p", "-n", "-h", name, ...(device === undefined ? [] : [device])],
    timeoutMs: ASK_MS,
    needsMore: true,
  });
  return takesName || tellsName ? plan : {
    ...plan,
    doubt:
      'dhcpcd tells no name by its settings; put the line "hostname" into /etc/dhcpcd.conf',
  };
}

/** The files of a dhclient of our own; it may leave a backup of its leases, too. */
export const DHCLIENT_FILES: readonly string[] = [
  "dhclient.conf",
  "dhclient.leases",
  "dhclient.leases~",
  "dhclient.pid",
];

/**
 * It asks for nothing before half of the lease is over. A second one, which has the
 * settings and the leases of the first and so passes for it, asks for the same
 * address, and touches no interface, as its script does nothing.
 */
function dhclient(
  { device, leases, settings }: DhcpClient & { kind: "dhclient" },
  name: string,
  stateDir: string,
): Plan {
  const file = (name: string) => `${stateDir}/dhclient.${name}`;
  const files = [
    "-cf",
    file("conf"),
    "-lf",
    file("leases"),
    "-pf",
    file("pid"),
    "-sf",
    "/bin/true",
  ];
  // It says who it is by this only with -i; without, by the hardware's address.
  const identity = /^default-duid /m.test(leases) ? ["-i"] : [];
  const step = (args: readonly string[], timeoutMs: number): Step => ({
    program: "dhclient",
    args: ["-4", ...identity, ...files, ...args, device],
    timeoutMs,
    needsMore: true,
  });
  return {
    kind: "steps",
    files: [
      // The last word counts.
      {
        path: file("conf"),
        text: `${settings}\nsend host-name "${name}";\n`,
      },
      { path: file("leases"), text: leases },
    ],
    tell: step(["-1"], EXCHANGE_MS),
    end: step(["-x"], ASK_MS),
  };
}

/**
 * Has systemd run a step, outside the sandbox of the unit that asks. What the step
 * leaves running ends with it.
 *
 * @param step The step.
 * @returns The step that asks for it.
 */
export function bySystemd(step: Step): Step {
  return {
    program: "systemd-run",
    args: [
      "--quiet",
      "--wait",
      "--collect",
      "--no-ask-password",
      "--service-type=exec",
      `--property=RuntimeMaxSec=${Math.ceil(step.timeoutMs / 1000)}`,
      "--",
      step.program,
      ...step.args,
    ],
    timeoutMs: step.timeoutMs + 1_000,
  };
}
