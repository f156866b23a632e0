/** A folder that only root can enter, on the same file system as what is made in it. */
export interface Staging extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/**
 * Makes a folder in which something can be made and given away before it takes its
 * place. In a folder of the user's own, the user could put a link there meanwhile, and
 * so be given the file that the link names.
 *
 * Its name is always the same, so that what a run left that was cut off goes.
 *
 * @param parent A folder that nobody but root can write.
 * @returns The folder; disposing of it takes it away.
 */
export async function makeStaging(parent: string): Promise<Staging> {
  const path = `${parent}/.azure-provisioning`;
  await remove();
  await Deno.mkdir(path, { mode: 0o700 });
  return { path, [Symbol.asyncDispose]: remove };

  async function remove(): Promise<void> {
    try {
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
