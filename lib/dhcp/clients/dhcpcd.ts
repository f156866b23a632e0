import { type DhcpClient, REQUEST_MS, type RunningClient } from "../client.ts";
import type { MachineFiles } from "../machine_files.ts";
import { addressFrom, OPTION_245 } from "../option_245.ts";
import { devicesWithPidFile, withoutSuffix } from "../pid_files.ts";

/** PID files and sockets; up to dhcpcd 8 they are in `/run` itself. */
const RUN = "/run/dhcpcd";

const LEASES = "/var/lib/dhcpcd";

/**
 * Roy Marples's client. It has a process for each device, or one for all.
 *
 * On request it asks the server for the address that it has, and goes on using it
 * meanwhile.
 */
export const dhcpcd: DhcpClient = {
  name: "dhcpcd",
  programs: ["dhcpcd"],
  outsideSandbox: true,
  leaseFiles: [LEASES, "/var/lib/dhcpcd5"].map((folder) => ({
    folder,
    names: /\.lease$/,
    wireServerIn: parsePacket,
  })),
  findRunning(files) {
    const names = files.names(RUN);
    const sendsName = sendsNameIn(files);
    if (!names.includes("pid")) {
      const devices = [
        ...withoutSuffix(".pid", names),
        ...devicesWithPidFile("dhcpcd", files)
          .filter((device) => device !== undefined),
      ].map((device) => device.replace(/-[46]$/, ""));
      return [...new Set(devices)].map((it) => running(it, sendsName));
    }
    // Without a socket a request ends in a signal, which carries neither device nor name.
    if (!names.includes("sock")) return [running(undefined, sendsName)];
    return withoutSuffix(".lease", files.names(LEASES))
      .map((device) => running(device, true));
  },
};

/** Whether its settings have it send a name. */
function sendsNameIn(files: MachineFiles): boolean {
  const settings = files.text("/etc/dhcpcd.conf") ?? "";
  return /^[ \t]*hostname(_short)?\b/m.test(settings);
}

function running(
  device: string | undefined,
  sendsName: boolean,
): RunningClient {
  return {
    device,
    planNotify: (hostName) => ({
      kind: "plan",
      notify: {
        program: "dhcpcd",
        args: [
          // If the process is gone after all, this starts one; -p has it keep the address when it ends.
          ...["-p", "-n", "-h", hostName],
          ...(device === undefined ? [] : [device]),
        ],
        timeoutMs: REQUEST_MS,
      },
      ...(sendsName ? {} : {
        warning:
          'the settings of dhcpcd have it send no name; add the line "hostname" to /etc/dhcpcd.conf',
      }),
    }),
  };
}

/** Where the options of a DHCP message begin, behind the cookie (RFC 2131, 3). */
const OPTIONS_AT = 240;
const COOKIE: readonly number[] = [0x63, 0x82, 0x53, 0x63];
const PAD = 0;
const END = 255;

/** A lease is the server's message as it came. */
function parsePacket(packet: Uint8Array): string | undefined {
  if (COOKIE.some((byte, i) => packet[OPTIONS_AT - 4 + i] !== byte)) return;
  for (let at = OPTIONS_AT; at < packet.length;) {
    const code = packet[at++]!;
    if (code === PAD) continue;
    if (code === END) return;
    const length = packet[at++] ?? 0;
    const value = packet.subarray(at, at + length);
    if (code === OPTION_245) {
      return addressFrom(Array.from(value, (byte) => byte.toString(16)));
    }
    at += length;
  }
}
