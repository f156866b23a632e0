import { type Files, INITS_IN_TREES } from "../boot/_inits.ts";
import { elf } from "../helpers/elf.ts";

export { elf, type Machine } from "../helpers/elf.ts";
export type { Files } from "../boot/_inits.ts";

/**
 * Makes a glibc.
 *
 * @param version Its version.
 * @returns The bytes of a libc.so.6.
 */
export function glibc(version: string): Uint8Array<ArrayBuffer> {
  return elf(
    "x86_64",
    `\0GLIBC_2.2.5\0GNU C Library (Debian GLIBC ${version}-9) stable release version ${version}.\n\0`,
  );
}

const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** A tree on which the program can run, without an init. */
export const BARE: Files = {
  "lib": "-> usr/lib",
  "lib64": "-> usr/lib64",
  "bin": "-> usr/bin",
  "sbin": "-> usr/sbin",
  "usr/bin/sh": "-> /bin/dash",
  "usr/bin/dash": elf("x86_64"),
  "usr/bin/hostname": elf("x86_64"),
  "usr/sbin/dhclient": elf("x86_64"),
  "usr/lib64/ld-linux-x86-64.so.2": elf("x86_64"),
  [`${LIBRARIES}/libc.so.6`]: glibc("2.36"),
  [`${LIBRARIES}/libgcc_s.so.1`]: elf("x86_64"),
  [`${LIBRARIES}/libm.so.6`]: elf("x86_64"),
  [`${LIBRARIES}/libdl.so.2`]: elf("x86_64"),
  [`${LIBRARIES}/libpthread.so.0`]: elf("x86_64"),
  [`${LIBRARIES}/librt.so.1`]: elf("x86_64"),
  "etc/hostname": "image\n",
};

/** What an init adds to a tree. */
export const INITS: Readonly<Record<string, Files>> = Object.fromEntries(
  Object.entries(INITS_IN_TREES).map(([name, { tree }]) => [name, tree]),
);

/**
 * Makes a tree.
 *
 * @param root Its folder, which is made.
 * @param files Its files; of two of one name the later one counts.
 */
export async function makeTree(
  root: string,
  ...files: readonly Files[]
): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(Object.assign({}, ...files))) {
    await makeFile(`${root}/${path}`, content as Files[string]);
  }
}

async function makeFile(path: string, content: Files[string]): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  if (content instanceof Uint8Array) {
    await Deno.writeFile(path, content);
    await Deno.chmod(path, 0o755);
  } else if (content.startsWith("-> ")) {
    await Deno.symlink(content.slice(3), path);
  } else {
    await Deno.writeTextFile(path, content);
  }
}

/**
 * Reads all of a tree.
 *
 * @param root Its folder.
 * @returns A line for each file, folder and link, with its mode and content.
 */
export async function snapshot(root: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(root)) {
    const path = `${root}/${name}`;
    const { mode } = await Deno.lstat(path);
    if (isSymlink) {
      lines.push(`${name} -> ${await Deno.readLink(path)}`);
    } else if (isDirectory) {
      lines.push(`${name}/ ${mode?.toString(8)}`);
      for (const line of await snapshot(path)) lines.push(`${name}/${line}`);
    } else {
      const bytes = await Deno.readFile(path);
      lines.push(
        `${name} ${mode?.toString(8)} ${new TextDecoder().decode(bytes)}`,
      );
    }
  }
  return lines.sort();
}
