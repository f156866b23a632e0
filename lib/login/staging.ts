/**
 * Makes a folder that only root can enter, in which something can be made and given
 * away before it takes its place; it is on the same file system. In a folder of the
 * user's own, the user could put a link there meanwhile, and so be given the file that
 * the link names.
 *
 * Its name is always the same, so that what a run left that was cut off goes.
 *
 * @param parent A folder that nobody but root can write.
 * @param work What to do in it; the folder is gone when that ends.
 * @returns What the work gives.
 */
export async function inStaging<T>(
  parent: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = `${parent}/.azure-provisioning`;
  await remove();
  await Deno.mkdir(path, { mode: 0o700 });
  try {
    return await work(path);
  } finally {
    await remove();
  }

  async function remove(): Promise<void> {
    try {
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
