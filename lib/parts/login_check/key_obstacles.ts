import {
  hasOtherKeys,
  keyFileOutside,
  keyFilesOf,
  usualKeyFile,
} from "../login/sshd/key_files.ts";
import { pathOnDisk } from "../login/login_machine.ts";
import { type Obstacle, sshdObstacle } from "../login/obstacle.ts";
import type { SetUp } from "./look.ts";
import type { Sshd } from "./read_sshd.ts";
import { strictnessOf } from "./strictness.ts";
import { walk } from "./walk.ts";
import { searchObstacle, strictObstacle, type Walker } from "./way_obstacle.ts";

/** What reads the keys. */
export interface KeyReader {
  /** The machine's sshd, if that is the server and its settings are known. */
  readonly sshd: Sshd | undefined;
  /** The only SSH server; `undefined` if there are several, or none that is known. */
  readonly only: string | undefined;
  /** The text of `/etc/group`. */
  readonly group: string;
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
}

/** Finds what is in the way of the keys that were written. */
export function keyObstacles(
  { account, keys }: SetUp,
  walker: Walker,
  { sshd, only, group, etcDir }: KeyReader,
): (Obstacle | undefined)[] {
  if (sshd !== undefined && hasOtherKeys(sshd.lines)) return [];
  if (only === "tinysshd" && keys.every(({ type }) => type !== "ssh-ed25519")) {
    return [{
      problem: `"tinysshd" takes no keys but ssh-ed25519`,
      remedy: "give the VM such a key",
    }];
  }
  const files = sshd && keyFilesOf(sshd.lines, sshd.user);
  // What cannot be told may lead anywhere.
  if (sshd !== undefined && files === undefined) return [];
  const outside = files && keyFileOutside(files, sshd.user);
  const path = outside ?? usualKeyFile(account.home);
  if (files !== undefined && !files.paths.includes(path)) {
    const remedy =
      "add .ssh/authorized_keys to it, or /etc/ssh/authorized_keys.d/%u";
    return files.line === undefined
      ? []
      : [sshdObstacle("AuthorizedKeysFile", files.line, remedy)];
  }
  const steps = walk(pathOnDisk(path, etcDir));
  const file = steps.at(-1);
  if (file?.info === undefined) return [];
  const strictness = strictnessOf(account, {
    only,
    sshd,
    home: realPathOf(account.home),
    file: file.path,
    group,
    etcDir,
  });
  return [
    searchObstacle(steps, walker) ??
      (strictness && strictObstacle(steps, walker, strictness)),
  ];
}

function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
