import {
  type ReadRegularFile,
  regularFileReader,
} from "../files/regular_file.ts";

/** A lease that a DHCP client has left on the disk. */
export interface FoundLease {
  /** Its file. */
  readonly path: string;
  /** WireServer's address according to option 245; absent if it has none. */
  readonly address?: string;
}

/** Where a DHCP client keeps its leases. */
interface LeasePlace {
  readonly folder: string;
  readonly name: RegExp;
  /** A lease's text or bytes; others' files in the folder give `undefined` as well. */
  readonly read: (bytes: Uint8Array) => string | undefined;
}

const text =
  (parse: (text: string) => string | undefined) => (bytes: Uint8Array) =>
    parse(new TextDecoder().decode(bytes));

const DHCLIENT = { name: /leases?$/, read: text(fromDhclient) };

/** udhcpc is not among them: it gives its lease to a script, and keeps none. */
const PLACES: readonly LeasePlace[] = [
  {
    folder: "/run/systemd/netif/leases",
    name: /^\d+$/,
    read: text(fromNetworkd),
  },
  {
    folder: "/run/NetworkManager/devices",
    name: /^\d+$/,
    read: text(fromNetworkManager),
  },
  { folder: "/var/lib/dhcp", ...DHCLIENT },
  { folder: "/var/lib/dhclient", ...DHCLIENT },
  { folder: "/var/lib/dhcpcd", name: /\.lease$/, read: fromDhcpcd },
  { folder: "/var/lib/dhcpcd5", name: /\.lease$/, read: fromDhcpcd },
];

/** Leases have a few hundred bytes; dhclient adds to its file for years. */
const MOST_BYTES = 1024 * 1024;
const MOST_FILES = 16;

/** How many names of a folder are looked at. */
const MOST_NAMES = 1000;

/**
 * Looks for leases of systemd-networkd, NetworkManager, dhclient and dhcpcd.
 *
 * Needs `--allow-read`. What cannot be read counts as not there.
 *
 * @param root The root of the machine, if it is another than `/`; for tests.
 * @returns The leases.
 */
export async function findLeases(root = ""): Promise<FoundLease[]> {
  const found: FoundLease[] = [];
  const readFile = await regularFileReader();
  for (const { folder, name, read } of PLACES) {
    const names = await namesIn(`${root}${folder}`);
    for (const file of names.filter((it) => name.test(it))) {
      const path = `${folder}/${file}`;
      const bytes = bytesOf(`${root}${path}`, readFile);
      if (bytes === undefined) continue;
      const address = read(bytes);
      found.push(address === undefined ? { path } : { path, address });
    }
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && names.push(name) === MOST_NAMES) break;
    }
  } catch {
    // That client is not here.
  }
  return names.sort().slice(0, MOST_FILES);
}

/** Some of these folders belong to the client's own user, who may put anything there. */
function bytesOf(
  path: string,
  readFile: ReadRegularFile,
): Uint8Array | undefined {
  try {
    return readFile(path, MOST_BYTES);
  } catch {
    return undefined;
  }
}

/** The code of the DHCP option in which Azure names WireServer. */
const WIRESERVER_OPTION = 245;

/**
 * Reads WireServer's address from a lease of systemd-networkd.
 *
 * @param lease `/run/systemd/netif/leases/IFINDEX`, which has `OPTION_245=a83f8110`.
 * @returns The address, such as `168.63.129.16`; `undefined` if there is none.
 */
export function fromNetworkd(lease: string): string | undefined {
  const [, hex = ""] = /^OPTION_245=([\da-f]{8})$/im.exec(lease) ?? [];
  return toAddress(hex.match(/../g));
}

/**
 * Reads it from a lease of NetworkManager.
 *
 * @param lease `/run/NetworkManager/devices/IFINDEX`, which has
 * `dhcp4.private_245=a8:3f:81:10`.
 * @returns The address, or `undefined`.
 */
export function fromNetworkManager(lease: string): string | undefined {
  const [, hex] = /^dhcp4\.private_245=([\da-f:]+)$/im.exec(lease) ?? [];
  return toAddress(hex?.split(":"));
}

/**
 * Reads it from the leases of dhclient, of which the last one counts.
 *
 * @param leases `/var/lib/dhcp/dhclient.leases`, which has
 * `option unknown-245 a8:3f:81:10;`, without the zero in front of a single digit,
 * or a text in quotes where all of the bytes are printable.
 * @returns The address, or `undefined`.
 */
export function fromDhclient(leases: string): string | undefined {
  const last = leases.slice(leases.lastIndexOf("\nlease {") + 1);
  const [, hex, text] =
    /^\s*option unknown-245 (?:([\da-f:]+)|"((?:[^"\\\n]|\\.)*)");/im.exec(
      last,
    ) ?? [];
  if (text === undefined) return toAddress(hex?.split(":"));
  const bytes = [...text.replaceAll(/\\(["\\])/g, "$1")]
    .map((character) => character.charCodeAt(0));
  return toAddress(bytes.map((byte) => byte.toString(16)));
}

/** Where the options of a DHCP message begin, behind the cookie (RFC 2131, 3). */
const OPTIONS_AT = 240;
const COOKIE: readonly number[] = [0x63, 0x82, 0x53, 0x63];
const PAD = 0;
const END = 255;

/**
 * Reads it from a lease of dhcpcd, which is the server's message as it came.
 *
 * @param packet `/var/lib/dhcpcd/INTERFACE.lease`.
 * @returns The address, or `undefined`, also for what is no such message.
 */
export function fromDhcpcd(packet: Uint8Array): string | undefined {
  if (COOKIE.some((byte, i) => packet[OPTIONS_AT - 4 + i] !== byte)) return;
  for (let at = OPTIONS_AT; at < packet.length;) {
    const code = packet[at++]!;
    if (code === PAD) continue;
    if (code === END) return;
    const length = packet[at++] ?? 0;
    const value = packet.subarray(at, at + length);
    if (code === WIRESERVER_OPTION) {
      return toAddress(Array.from(value, (byte) => byte.toString(16)));
    }
    at += length;
  }
}

/** Four bytes in hex as an address. */
function toAddress(
  hex: readonly string[] | null | undefined,
): string | undefined {
  return hex?.length === 4 && hex.every((it) => /^[\da-f]{1,2}$/i.test(it))
    ? hex.map((it) => parseInt(it, 16)).join(".")
    : undefined;
}
