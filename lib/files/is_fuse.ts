/** The kernel's `FUSE_SUPER_MAGIC`. */
const FUSE_TYPE = 0x65735546;

/** What is needed of `node:fs`. */
interface FileSystemModule {
  statfsSync(path: string): { readonly type: number };
}

/**
 * Whether a path is on a FUSE file system: an ordinary user can mount one, and then
 * decides what root sees in it.
 *
 * Needs `--allow-read` for the path, and `--allow-sys=statfs`.
 *
 * @throws {Error} If the file system cannot be asked.
 */
export function isFuse(path: string): boolean {
  // An import would have to be awaited, and load the module at each start.
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: "node:fs"): FileSystemModule };
  };
  return process.getBuiltinModule("node:fs").statfsSync(path).type ===
    FUSE_TYPE;
}
