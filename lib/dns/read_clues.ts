import type { Clues, NamedText } from "./clues.ts";

/** The largest file that is read, in bytes: a lease file of dhclient grows with every lease. */
const MAX_FILE_BYTES = 256 * 1024;

/** The most files of a folder that are read, or whose names are kept. */
const MAX_FILES = 1000;

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
 * as not there.
 *
 * Needs `--allow-read`.
 *
 * @param root What is in front of every path; empty on a real machine.
 * @returns What is there.
 */
export async function readClues(root: string): Promise<Clues> {
  const list = (folder: string) => namesIn(`${root}${folder}`);
  const texts = (folder: string, wanted?: RegExp) =>
    textsIn(`${root}${folder}`, wanted);
  const [networkdLeases, networkManagerDevices, runFiles] = await Promise.all([
    list("/run/systemd/netif/leases"),
    texts("/run/NetworkManager/devices"),
    list("/run"),
  ]);
  const dhclientLeases: NamedText[] = [];
  for (const folder of DHCLIENT_FOLDERS) {
    dhclientLeases.push(...await texts(folder, /^dhclient.*\.leases?$/));
  }
  let networkdUnit = "";
  for (const folder of networkdLeases.length > 0 ? UNIT_FOLDERS : []) {
    networkdUnit ||= await textOf(
      `${root}${folder}/systemd-networkd.service`,
    ) ?? "";
  }
  return {
    networkdLeases,
    networkdUnit,
    networkManagerDevices,
    networkManagerFiles: await list("/var/lib/NetworkManager"),
    runFiles,
    dhcpcdFiles: await list("/run/dhcpcd"),
    dhcpcdLeases: await list("/var/lib/dhcpcd"),
    dhcpcdSettings: await textOf(`${root}/etc/dhcpcd.conf`) ?? "",
    dhclientSettings: await textOf(`${root}/etc/dhcp/dhclient.conf`) ??
      await textOf(`${root}/etc/dhclient.conf`) ?? "",
    dhclientLeases,
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (names.push(name) === MAX_FILES) break;
    }
  } catch {
    // Most folders are not there: a machine has one client.
  }
  return names.sort();
}

async function textsIn(folder: string, wanted = /^/): Promise<NamedText[]> {
  const texts: NamedText[] = [];
  for (const name of await namesIn(folder)) {
    if (!wanted.test(name)) continue;
    const text = await textOf(`${folder}/${name}`);
    if (text !== undefined) texts.push({ name, text });
  }
  return texts;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile || size > MAX_FILE_BYTES) return undefined;
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}
