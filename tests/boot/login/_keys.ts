import { succeed } from "../../helpers/command.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

/** A key of a user's who logs in from outside of the machine. */
export interface Keys extends AsyncDisposable {
  /** Options of `simulate`: the user, and the key. */
  readonly args: readonly string[];
  /** The command that logs in with it, without the host. */
  readonly ssh: readonly [string, ...string[]];
}

/**
 * Makes a key.
 *
 * @param user Whose it is.
 * @returns The key; disposing of it removes it.
 */
export async function keysFor(user: string): Promise<Keys> {
  await using made = new AsyncDisposableStack();
  const key = `${made.use(await tempDir()).path}/key`;
  await succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const options = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "LogLevel=ERROR",
  ];
  const text = (await Deno.readTextFile(`${key}.pub`)).trim();
  const resources = made.move();
  return {
    args: [`--admin-username=${user}`, `--public-key=${text}`],
    ssh: [
      "ssh",
      "-i",
      key,
      "-F",
      "/dev/null",
      ...options.flatMap((it) => ["-o", it]),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
