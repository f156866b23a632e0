import {
  type ReadRegularFile,
  regularFileReader,
} from "../files/regular_file.ts";
import {
  fromDhclient,
  fromDhcpcd,
  fromNetworkd,
  fromNetworkManager,
} from "./option_245.ts";

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
