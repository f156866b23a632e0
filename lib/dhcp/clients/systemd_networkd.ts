import { type DhcpClient, EXCHANGE_MS, type NotifyResult } from "../client.ts";
import type { MachineFiles } from "../machine_files.ts";
import { addressFrom, inText } from "../option_245.ts";

/** Files of leases, named by the interfaces' numbers. */
const LEASES = "/run/systemd/netif/leases";

/** Where systemd keeps its units; the last one where `/lib` is a folder of its own. */
const UNIT_FOLDERS = [
  "/etc/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/**
 * systemd's client. One process handles all devices.
 *
 * It asks for the host name when it starts. A restart keeps addresses and routes, and
 * asks the server for the address anew. Other ways fail with Debian 12's: `networkctl
 * renew` sends the name that it was started with, and `networkctl reconfigure` removes
 * the address for a moment.
 */
export const systemdNetworkd: DhcpClient = {
  name: "systemd-networkd",
  programs: ["systemctl"],
  outsideSandbox: false,
  leaseFiles: [{
    folder: LEASES,
    names: /^\d+$/,
    wireServerIn: inText(parseLease),
  }],
  findRunning(files) {
    if (files.names(LEASES).length === 0) return [];
    // By this signal it knows a restart from a stop, after which it removes its addresses.
    const keepsAddress = /^RestartKillSignal=SIGUSR2\s*$/m.test(unitIn(files));
    return [{ planNotify: () => keepsAddress ? RESTART : TOO_OLD }];
  },
};

const RESTART: NotifyResult = {
  kind: "plan",
  notify: {
    program: "systemctl",
    args: ["--no-ask-password", "restart", "systemd-networkd.service"],
    timeoutMs: EXCHANGE_MS,
  },
};

const TOO_OLD: NotifyResult = {
  kind: "impossible",
  why:
    "its unit lacks RestartKillSignal=SIGUSR2, so a restart would drop the address, and it takes a new name at no other time",
};

function unitIn(files: MachineFiles): string {
  for (const folder of UNIT_FOLDERS) {
    const text = files.text(`${folder}/systemd-networkd.service`);
    if (text) return text;
  }
  return "";
}

/** The line is like `OPTION_245=a83f8110`. */
function parseLease(lease: string): string | undefined {
  const [, hex = ""] = /^OPTION_245=([\da-f]{8})$/im.exec(lease) ?? [];
  return addressFrom(hex.match(/../g));
}
