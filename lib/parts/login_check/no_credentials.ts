import { isThere } from "../../files/is_there.ts";
import { type Account, passwordFieldOf } from "../login/account/accounts.ts";
import { hasOtherKeys, keyFilesOf } from "../login/sshd/key_files.ts";
import { readIfThere } from "../login/login_machine.ts";
import type { Obstacle } from "../login/obstacle.ts";
import { readSshd } from "./read_sshd.ts";

/**
 * Says so if a user to whom the platform gave nothing has nothing from the image either:
 * no password, and no file of keys.
 */
export function noCredentials(
  account: Account,
  { etcDir }: { readonly etcDir: string },
): Obstacle | undefined {
  const field = passwordFieldOf(account, readIfThere(`${etcDir}/shadow`));
  if (field === undefined || !/^[!*]/.test(field)) return undefined;
  const user = { ...account, groups: undefined };
  const sshd = readSshd(user, etcDir);
  if (sshd === undefined || hasOtherKeys(sshd.lines)) return undefined;
  const files = keyFilesOf(sshd.lines, user);
  if (files === undefined || files.paths.some(isThere)) return undefined;
  return {
    problem: "there is neither a key nor a password",
    remedy: "give the VM a key",
  };
}
