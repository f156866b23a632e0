import type { Account } from "../../../lib/parts/login/account/accounts.ts";
import type { KeysMachine } from "../../../lib/parts/login/keys/write_authorized_keys.ts";
import { run, succeed } from "../../helpers/command.ts";
import {
  type RecordingLog,
  recordingLog,
} from "../../helpers/recording_log.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

export const UID = 1234;
export const ANOTHER_UID = 1235;

/** A home, and a folder beside `/home` that its user may not write to. */
export interface Home extends AsyncDisposable {
  readonly account: Account;
  readonly homesDir: string;
  readonly machine: KeysMachine & { readonly log: RecordingLog };
  readonly home: string;
  readonly outside: string;
}

async function makeHome(): Promise<Home> {
  const dir = await tempDir();
  const homesDir = `${dir.path}/tree/home`;
  const [home, outside] = [`${homesDir}/azure`, `${dir.path}/tree/outside`];
  await Deno.mkdir(homesDir, { recursive: true });
  await Deno.mkdir(home, { mode: 0o700 });
  await Deno.chown(home, UID, UID);
  await Deno.mkdir(outside, { mode: 0o755 });
  return {
    account: {
      name: "azure",
      password: "x",
      uid: UID,
      gid: UID,
      home,
      shell: "/bin/sh",
    },
    homesDir,
    machine: {
      homesDirs: [homesDir],
      stateDir: `${dir.path}/state`,
      log: recordingLog(),
    },
    home,
    outside,
    async [Symbol.asyncDispose]() {
      // Some tests mount there.
      for (const path of [`${home}/.ssh`, home]) await run("umount", [path]);
      await dir[Symbol.asyncDispose]();
    },
  };
}

/** A test with a home; it needs root, who alone can change owners. */
export function rootTest(
  name: string,
  test: (home: Home) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: Deno.uid() !== 0,
    fn: async () => {
      await using home = await makeHome();
      await test(home);
    },
  });
}

/** Changes the owner and the mode of a path. */
export async function owned(
  path: string,
  mode: number,
  uid = UID,
): Promise<void> {
  await Deno.chown(path, uid, uid);
  await Deno.chmod(path, mode);
}

/** Lists everything below a folder, with owners, modes, sizes and times. */
export async function listing(dir: string): Promise<string> {
  return await succeed("find", [dir, "-printf", "%P %U:%G %m %s %i %T@ %l\n"]);
}
