import { isThere } from "../../files/is_there.ts";
import { type Account, passwordFieldOf } from "../login/account/accounts.ts";
import {
  hasOtherKeys,
  keyFilesOf,
  usualKeyFile,
} from "../login/sshd/key_files.ts";
import { readIfThere } from "../login/login_machine.ts";
import type { Obstacle } from "../login/obstacle.ts";
import { sshdRefusals } from "../login/sshd/sshd_access.ts";
import type { LookedAt } from "./look.ts";
import { mayAskMore } from "./pam_stack.ts";
import { readSshd, type Sshd } from "./read_sshd.ts";

/**
 * Says so if a user to whom the platform gave nothing has nothing from the image either
 * that the SSH server takes: no password, and no file of keys.
 */
export function noCredentials(
  account: Account,
  { etcDir, servers }: Pick<LookedAt, "etcDir" | "servers">,
): Obstacle | undefined {
  const field = passwordFieldOf(account, readIfThere(`${etcDir}/shadow`));
  if (field === undefined) return undefined;
  const hasPassword = !/^[!*]/.test(field);
  const user = { ...account, groups: undefined };
  const only = servers.length === 1 ? servers[0] : undefined;
  const sshd = servers.includes("sshd") ? readSshd(user, etcDir) : undefined;
  // What is not known may let anybody in.
  if (servers.length === 0 || hasKeys(account, { servers, sshd }) !== false) {
    return undefined;
  }
  if (!hasPassword) {
    return {
      problem: "there is neither a key nor a password",
      remedy: "give the VM a key",
    };
  }
  const problem = "there is a password, but no key, and";
  if (only === "tinysshd") {
    return {
      problem: `${problem} "tinysshd" takes no passwords`,
      remedy: "give the VM a key of the type ssh-ed25519",
    };
  }
  if (only !== "sshd" || sshd === undefined) return undefined;
  const pamAsksMore = mayAskMore(sshd.pam);
  const [refusal] = sshdRefusals(sshd.lines, user, {
    keys: [],
    password: true,
    pamAsksMore,
  });
  return refusal && {
    problem: `${problem} ${refusal.problem}`,
    remedy: "give the VM a key",
  };
}

/** Whether a server finds a file of keys of the user's; `undefined` if that cannot be told. */
function hasKeys(
  account: Account,
  { servers, sshd }: {
    readonly servers: readonly string[];
    readonly sshd: Sshd | undefined;
  },
): boolean | undefined {
  if (!servers.includes("sshd") || servers.length > 1) {
    if (isThere(usualKeyFile(account.home))) return true;
  }
  if (!servers.includes("sshd")) return false;
  if (sshd === undefined || hasOtherKeys(sshd.lines)) return undefined;
  return keyFilesOf(sshd.lines, sshd.user)?.paths.some(isThere);
}
