import { readBounded } from "../files/read_bounded.ts";

/** The largest file that is read, in bytes: a lease file of dhclient grows with every lease. */
const MAX_FILE_BYTES = 256 * 1024;

/** The most files of a folder whose names are kept. */
const MAX_FILES = 1000;

/** The most of them that are read; a machine has a few interfaces. */
const MAX_TEXTS = 64;

/** Where systemd keeps its units; the last one where `/lib` is a folder of its own. */
const UNIT_FOLDERS = [
  "/etc/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** Debian's and SUSE's, and Red Hat's. */
const DHCLIENT_FOLDERS = ["/var/lib/dhcp", "/var/lib/dhclient"];

/**
 * Reads what the DHCP clients have written of themselves. What cannot be read counts
 * as not there. It is synchronous, as each asynchronous call would wake a thread.
 *
 * Needs `--allow-read`.
 *
 * @param root What is in front of every path; empty on a real machine.
 * @returns What is there.
 */
export function readClues(root: string): Clues {
  const list = (folder: string) => namesIn(`${root}${folder}`);
  const texts = (folder: string, wanted?: RegExp) =>
    textsIn(`${root}${folder}`, wanted);
  const networkdLeases = list("/run/systemd/netif/leases");
  let networkdUnit = "";
  for (const folder of networkdLeases.length > 0 ? UNIT_FOLDERS : []) {
    networkdUnit ||= textOf(
      `${root}${folder}/systemd-networkd.service`,
    ) ?? "";
  }
  return {
    networkdLeases,
    networkdUnit,
    networkManagerDevices: texts("/run/NetworkManager/devices"),
    networkManagerFiles: list("/var/lib/NetworkManager"),
    runFiles: list("/run"),
    dhcpcdFiles: list("/run/dhcpcd"),
    dhcpcdLeases: list("/var/lib/dhcpcd"),
    dhcpcdSettings: textOf(`${root}/etc/dhcpcd.conf`) ?? "",
    dhclientSettings: textOf(`${root}/etc/dhcp/dhclient.conf`) ??
      textOf(`${root}/etc/dhclient.conf`) ?? "",
    dhclientLeases: DHCLIENT_FOLDERS.flatMap((folder) =>
      texts(folder, /^dhclient.*\.leases?$/)
    ),
  };
}

function namesIn(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) === MAX_FILES) break;
    }
  } catch {
    // Most folders are not there: a machine has one client.
  }
  return names.sort();
}

function textsIn(folder: string, wanted = /^/): NamedText[] {
  const texts: NamedText[] = [];
  for (const name of namesIn(folder)) {
    if (!wanted.test(name)) continue;
    const text = textOf(`${folder}/${name}`);
    if (text === undefined) continue;
    if (texts.push({ name, text }) === MAX_TEXTS) break;
  }
  return texts;
}

function textOf(path: string): string | undefined {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_FILE_BYTES));
  } catch {
    return undefined;
  }
}

/** A file: its name, without folders, and its text. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What the clients have written of themselves, by which they are told apart. */
export interface Clues {
  /** The names in `/run/systemd/netif/leases`: systemd-networkd's, by the interfaces' numbers. */
  readonly networkdLeases: readonly string[];
  /** The unit of systemd-networkd; empty if there is none. */
  readonly networkdUnit: string;
  /** `/run/NetworkManager/devices`: what NetworkManager says of each interface. */
  readonly networkManagerDevices: readonly NamedText[];
  /** The names in `/var/lib/NetworkManager`, which has the leases. */
  readonly networkManagerFiles: readonly string[];
  /** The names in `/run`, which has the files with the clients' process ids. */
  readonly runFiles: readonly string[];
  /** The names in `/run/dhcpcd`. */
  readonly dhcpcdFiles: readonly string[];
  /** The names in `/var/lib/dhcpcd`, which has its leases. */
  readonly dhcpcdLeases: readonly string[];
  /** The settings of dhcpcd; empty if there are none. */
  readonly dhcpcdSettings: string;
  /** The settings of dhclient; empty if there are none. */
  readonly dhclientSettings: string;
  /** The leases of dhclient. */
  readonly dhclientLeases: readonly NamedText[];
}
