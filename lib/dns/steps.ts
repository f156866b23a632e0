import type { DhcpClient } from "./dhcp_client.ts";

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
  /** Where the leases of a dhclient of our own are to be, and what they are. */
  readonly leases?: { readonly path: string; readonly text: string };
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
          ...["-f", "-n", "-q", "-t", "3", "-T", "1"],
          ...["-x", `hostname:${name}`, "-s", "/bin/true", "-i", client.device],
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
    args: ["-n", "-h", name, device],
    timeoutMs: ASK_MS,
    needsMore: true,
  });
  return takesName || tellsName ? plan : {
    ...plan,
    doubt:
      'dhcpcd tells no name by its settings; put the line "hostname" into /etc/dhcpcd.conf',
  };
}

/**
 * It reads its name for every message, but sends none before the lease's half is
 * over. A second one, which has the leases of the first and so passes for it, asks
 * for the same address, and touches no interface, as its script does nothing.
 */
function dhclient(
  { device, leases }: DhcpClient & { kind: "dhclient" },
  name: string,
  stateDir: string,
): Plan {
  const path = `${stateDir}/dhclient.leases`;
  const files = ["-pf", `${stateDir}/dhclient.pid`, "-lf", path];
  // It says who it is by this only with -i; without, by the hardware's address.
  const identity = /^default-duid /m.test(leases) ? ["-i"] : [];
  const common = ["-4", ...identity, ...files, "-sf", "/bin/true"];
  return {
    kind: "steps",
    leases: { path, text: leases },
    tell: {
      program: "dhclient",
      args: [...common, "-1", "-H", name, device],
      timeoutMs: EXCHANGE_MS,
      needsMore: true,
    },
    end: {
      program: "dhclient",
      args: [...common, "-x", device],
      timeoutMs: ASK_MS,
      needsMore: true,
    },
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
      ...["--quiet", "--wait", "--collect", "--no-ask-password"],
      "--service-type=exec",
      `--property=RuntimeMaxSec=${Math.ceil(step.timeoutMs / 1000)}`,
      ...["--", step.program, ...step.args],
    ],
    timeoutMs: step.timeoutMs + 1_000,
  };
}
