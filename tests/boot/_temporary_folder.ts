import { succeed } from "../helpers/command.ts";
import { cleanUpIfKilled } from "../helpers/janitor.ts";

/**
 * Makes a folder for a machine, or what it is made of.
 *
 * @returns The folder; disposing of it removes it, with all that is in it.
 */
export async function temporaryFolder(): Promise<
  AsyncDisposable & { path: string }
> {
  const path = await Deno.makeTempDir({ prefix: "azure-provisioning-boot-" });
  // Others may look into a root, as they may into a real one: dbus does.
  await Deno.chmod(path, 0o755);
  const janitor = cleanUpIfKilled(CLEAN_UP, [path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await succeed("rm", ["-rf", "--one-file-system", path]);
      await janitor[Symbol.asyncDispose]();
    },
  };
}

/** What is left of a folder whose test was killed, once its machine is gone. */
const CLEAN_UP = `
  sleep 3
  umount -l "$0/tree"
  rm -rf --one-file-system "$0"`;
