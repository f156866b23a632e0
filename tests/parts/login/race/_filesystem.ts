import { run, succeed } from "../../../helpers/command.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

/** A file system of its own. */
export interface FileSystem extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
}

/**
 * Mounts an empty file system; ext4 is in a file.
 *
 * @param type Its type.
 * @returns The file system, or why there can be none here.
 */
export async function mountNew(
  type: "ext4" | "tmpfs",
): Promise<FileSystem | string> {
  await using made = new AsyncDisposableStack();
  const dir = made.use(await tempDir());
  const path = `${dir.path}/mounted`;
  await Deno.mkdir(path);
  if (type === "tmpfs") await succeed("mount", ["-t", "tmpfs", "none", path]);
  else {
    const image = `${dir.path}/image`;
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, 32 * 1024 * 1024);
    const steps = [["mkfs.ext4", "-q", image], [
      "mount",
      "-o",
      "loop",
      image,
      path,
    ]];
    for (const [program, ...args] of steps) {
      const { code, stderr } = await run(program!, args);
      if (code !== 0) return `no ext4 in a file: ${stderr.trim()}`;
    }
  }
  made.defer(async () => {
    await succeed("umount", [path]);
  });
  // The attacker has to get there.
  for (const folder of [dir.path, path]) await Deno.chmod(folder, 0o755);
  const resources = made.move();
  return { path, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
