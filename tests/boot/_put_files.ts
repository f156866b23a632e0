import type { ImageFile, ImageLink } from "./_inits.ts";

/**
 * Puts files into an image tree, with the folders that they need.
 *
 * @param tree The tree's folder.
 * @param files What to put there.
 * @param links Links to put there, in the place of what there is.
 */
export async function putFiles(
  tree: string,
  files: readonly ImageFile[],
  links: readonly ImageLink[] = [],
): Promise<void> {
  for (const { path, text, mode } of files) {
    await makeFolderOf(`${tree}${path}`);
    await Deno.writeTextFile(`${tree}${path}`, text);
    await Deno.chmod(`${tree}${path}`, mode ?? 0o644);
  }
  for (const { path, target } of links) {
    await makeFolderOf(`${tree}${path}`);
    await Deno.remove(`${tree}${path}`).catch(() => {});
    await Deno.symlink(target, `${tree}${path}`);
  }
}

async function makeFolderOf(path: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
}
