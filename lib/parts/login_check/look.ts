import { isThere } from "../../files/is_there.ts";
import type { Account } from "../login/account/accounts.ts";
import { readIfThere } from "../login/login_machine.ts";
import type { SshKeyFacts } from "../login/keys/ssh_key.ts";
import { hasOtherSources } from "../login/account/name_service.ts";
import type { Obstacle } from "../login/obstacle.ts";
import { sshdRefusals } from "../login/sshd/sshd_access.ts";
import type { SshdUser } from "../login/sshd/sshd_match.ts";
import { groupsOf } from "./groups_of.ts";
import { loginShellObstacle } from "./login_shell.ts";
import { keyObstacles } from "./key_obstacles.ts";
import { isRequired, mayAskMore } from "./pam_stack.ts";
import { readSshd, type Sshd } from "./read_sshd.ts";
import { accountObstacle, findShadowEntry } from "./shadow_obstacle.ts";
import { setByCommandLine } from "./sshd_command_line.ts";
import type { Walker } from "./way_obstacle.ts";

/** What was set up for a user. */
export interface SetUp {
  /** The user, from `/etc/passwd`. */
  readonly account: Account;
  /** The keys that were written; empty if there were none. */
  readonly keys: readonly SshKeyFacts[];
  /** Whether the user got a password for SSH. */
  readonly password: boolean;
}

/** The machine that the user logs in to. */
export interface LookedAt {
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
  /** The SSH servers that are installed: of `sshd`, `dropbear` and `tinysshd`. */
  readonly servers: readonly string[];
  /** The day, counted from 1970, by a clock that may be wrong. */
  readonly today: number;
}

/**
 * Finds what keeps a user from logging in. Whatever cannot be told is no obstacle.
 *
 * @throws {Error} If something cannot be read.
 */
export function findObstacles(setUp: SetUp, machine: LookedAt): Obstacle[] {
  const { account } = setUp;
  const { etcDir, servers } = machine;
  const group = readIfThere(`${etcDir}/group`) ?? "";
  const groups = hasOtherSources("group", machine)
    ? undefined
    : groupsOf(account, group);
  const only = servers.length === 1 ? servers[0] : undefined;
  const walker: Walker = {
    name: account.name,
    uid: account.uid,
    // Dropbear takes on the first group only, and keeps root's own.
    gids: only === "dropbear"
      ? [account.gid, 0]
      : groups?.map(({ gid }) => gid),
    server: only ?? "the SSH server",
  };
  const user: SshdUser = {
    ...account,
    groups: groups?.map(({ name }) => name),
  };
  const sshd = only === "sshd" ? readSshd(user, etcDir) : undefined;
  // With a key, sshd does not have PAM authenticate the user.
  const pamTypes = setUp.keys.length > 0 ? ["account"] : ["auth", "account"];
  const found: (Obstacle | undefined)[] = [
    sshd && accountObstacleOf(sshd, setUp, machine),
    noPasswords(setUp, only),
    nologin(sshd, pamTypes, etcDir),
    loginShellObstacle(account, { sshd, only, pamTypes, etcDir }),
    ...(sshd
      ? sshdRefusals(sshd.lines, user, {
        ...setUp,
        pamAsksMore: mayAskMore(sshd.pam),
      })
      : []),
    ...(setUp.keys.length > 0
      ? keyObstacles(setUp, walker, { sshd, only, group, etcDir })
      : []),
  ];
  const obstacles = found.filter((it) => it !== undefined);
  return obstacles.length > 0 && sshd !== undefined && setByCommandLine(etcDir)
    ? obstacles.filter(({ problem }) => !problem.startsWith("line "))
    : obstacles;
}

function accountObstacleOf(
  { usesPam, pam }: Sshd,
  { account }: SetUp,
  { etcDir, today }: LookedAt,
): Obstacle | undefined {
  const shadow = account.password === "x"
    ? readIfThere(`${etcDir}/shadow`)
    : undefined;
  const entry = shadow && findShadowEntry(shadow, account.name);
  if (!entry || (usesPam && pam === undefined)) return undefined;
  const unix =
    pam?.filter(({ type, module }) =>
      type === "account" && module === "pam_unix.so"
    ) ?? [];
  if (usesPam && unix.length === 0) return undefined;
  return accountObstacle(entry, {
    name: account.name,
    today: isClockRight(today, entry.changed) ? today : undefined,
    usesPam,
    ignoresOldPasswords: unix.some(({ args }) =>
      args.includes("no_pass_expiry")
    ),
  });
}

/** A clock that is behind the image says nothing. */
function isClockRight(today: number, changed: number | undefined): boolean {
  if (changed !== undefined && today < changed) return false;
  try {
    const { mtime } = Deno.statSync("/usr/lib/os-release");
    return mtime === null || today >= Math.floor(mtime.getTime() / 86_400_000);
  } catch {
    return true;
  }
}

/** Tinysshd knows no passwords. */
function noPasswords(
  { keys }: SetUp,
  only: string | undefined,
): Obstacle | undefined {
  return only === "tinysshd" && keys.length === 0
    ? {
      problem: `"tinysshd" takes no passwords`,
      remedy: "give the VM a key of the type ssh-ed25519",
    }
    : undefined;
}

/** What systemd puts into `/run` is gone at the end of the boot. */
function nologin(
  sshd: Sshd | undefined,
  pamTypes: readonly string[],
  etcDir: string,
): Obstacle | undefined {
  if (sshd === undefined || !isThere(`${etcDir}/nologin`)) return undefined;
  return !sshd.usesPam ||
      pamTypes.some((type) => isRequired("pam_nologin.so", type, sshd.pam))
    ? {
      problem: 'there is "/etc/nologin", which keeps everybody but root out',
      remedy: "remove it from the image",
    }
    : undefined;
}
