import { type Account, findAccount } from "../login/account/accounts.ts";
import { readIfThere } from "../login/login_machine.ts";
import type { Obstacle } from "../login/obstacle.ts";
import { passwordPart } from "../login/password_part.ts";
import { sshKeyFacts } from "../login/keys/ssh_key.ts";
import { sshKeysPart } from "../login/ssh_keys_part.ts";
import { userPart } from "../login/user_part.ts";
import type { PartContext, PartOutcome } from "../part.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";
import { findObstacles } from "./look.ts";
import { homeOfRoot } from "./home_owner.ts";
import { noCredentials } from "./no_credentials.ts";
import { notServed } from "./ssh_enabled.ts";

/** The most obstacles that a message names. */
const MAX_OBSTACLES = 3;

const MS_PER_DAY = 86_400_000;

/** The SSH servers that are known. */
const SERVERS = ["sshd", "dropbear", "tinysshd"];

/** Parts that are of no use unless the user can log in. */
const IN_VAIN = [userPart.name, passwordPart.name, sshKeysPart.name];

/** Does the work of the part `login`. */
export function runLogin(context: PartContext): PartOutcome {
  const { instance, log, required, requiredParts = [] } = context;
  const name = instance.adminUsername;
  let certain: Obstacle[] = [];
  let likely: Obstacle[] = [];
  try {
    const account = name === undefined ? undefined : accountOf(name, context);
    if (account === undefined) {
      return nothing("There is no user of this machine's to look at");
    }
    ({ certain, likely } = look(account, context));
  } catch (error) {
    // It is a look, and nothing is broken for the want of it.
    log.debug(`Cannot tell whether "${name}" can log in: ${messageOf(error)}`);
    return nothing("Cannot tell");
  }
  if (
    certain.length > 0 &&
    (required || IN_VAIN.some((part) => requiredParts.includes(part)))
  ) {
    throw new ProvisioningError(`"${name}" cannot log in: ${textOf(certain)}`, {
      key: "login_impossible",
      exitCode: ExitCode.configuration,
    });
  }
  const all = [...certain, ...likely];
  if (all.length === 0) {
    return nothing(`Nothing keeps "${name}" from logging in`);
  }
  const cannot = certain.length > 0 ? "cannot" : "may not be able to";
  const warning = `"${name}" ${cannot} log in: ${textOf(all)}`;
  return { kind: "warned", warning, what: warning };
}

function look(
  account: Account,
  { instance, host, phases }: PartContext,
): { certain: Obstacle[]; likely: Obstacle[] } {
  const { publicKeys = [], disablePasswordAuthentication } = instance;
  const isDone = (part: string) =>
    phases.some(({ name, outcome }) => name === part && outcome === "done");
  const isLeftOut = (part: string) =>
    phases.some(({ name, what }) => name === part && what === "left out");
  const keys = isDone(sshKeysPart.name) ? publicKeys.flatMap(sshKeyFacts) : [];
  const password = isDone(passwordPart.name) &&
    disablePasswordAuthentication !== true;
  const servers = SERVERS.filter((program) => host.has(program));
  if (keys.length === 0 && !password) {
    // An image that leaves out a part has its users log in with something of its own.
    const isTold = publicKeys.length === 0 && !isLeftOut(sshKeysPart.name) &&
      !isLeftOut(passwordPart.name);
    const problem = isTold
      ? noCredentials(account, { ...host, servers })
      : undefined;
    return { certain: problem ? [problem] : [], likely: [] };
  }
  const setUp = { account, keys, password };
  const today = Math.floor(Date.now() / MS_PER_DAY);
  const certain = findObstacles(setUp, {
    etcDir: host.etcDir,
    servers,
    today,
  });
  const likely = [notServed(servers), homeOfRoot(account)]
    .filter((it) => it !== undefined);
  return { certain, likely };
}

function accountOf(
  name: string,
  { host }: Pick<PartContext, "host">,
): Account | undefined {
  return findAccount(readIfThere(`${host.etcDir}/passwd`) ?? "", name);
}

function textOf(obstacles: readonly Obstacle[]): string {
  const more = obstacles.length - MAX_OBSTACLES;
  return obstacles.slice(0, MAX_OBSTACLES).map(({ problem, remedy }) =>
    `${problem}; ${remedy}`
  ).join("; and ") + (more > 0 ? `; and ${more} more` : "");
}

function nothing(what: string): PartOutcome {
  return { kind: "done", what, logged: true };
}
