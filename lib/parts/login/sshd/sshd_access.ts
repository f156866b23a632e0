import type { SshKeyFacts } from "../keys/ssh_key.ts";
import type { Obstacle } from "../obstacle.ts";
import { sshdObstacle } from "../obstacle.ts";
import { matchesList, matchesPattern, type SshdUser } from "./sshd_match.ts";
import type { SshdLine } from "./sshd_lines.ts";
import { listLines, possibleLines } from "./sshd_values.ts";

/** With what a user logs in. */
export interface Credentials {
  /** The keys; empty without any. */
  readonly keys: readonly SshKeyFacts[];
  /** Whether there is a password. */
  readonly password: boolean;
  /** Whether what PAM asks beside a password is unknown. */
  readonly pamAsksMore: boolean;
}

/**
 * Finds the settings of sshd for which it certainly refuses a user, wherever the user
 * connects from.
 *
 * @param lines All that sshd reads.
 */
export function sshdRefusals(
  lines: readonly SshdLine[],
  user: SshdUser,
  credentials: Credentials,
): Obstacle[] {
  return [
    ...listRefusals(lines, user),
    ...methodRefusals(lines, user, credentials),
  ];
}

/** Whether a setting of yes or no is surely off for a user; the line that turns it off. */
export function offBy(
  keywords: readonly string[],
  lines: readonly SshdLine[],
  user: SshdUser,
): SshdLine | undefined {
  const possible = possibleLines(keywords, lines, user);
  return possible.every((it) => it?.words[0]?.toLowerCase() === "no")
    ? possible.at(-1)
    : undefined;
}

/** Whether a setting of yes or no, which is off by default, is on for everybody. */
export function isOn(
  keyword: string,
  lines: readonly SshdLine[],
  user: SshdUser,
): boolean {
  return possibleLines([keyword], lines, user)
    .every((it) => it?.words[0]?.toLowerCase() === "yes");
}

/** See `allowed_user` in OpenSSH's auth.c. */
function listRefusals(
  lines: readonly SshdLine[],
  user: SshdUser,
): Obstacle[] {
  const { name, groups } = user;
  const ofUser = (pattern: string) => {
    // A pattern with a host says nothing certain but of other users.
    const at = pattern.lastIndexOf("@");
    if (at === -1) return matchesPattern(name, pattern) ? "yes" : "no";
    return matchesPattern(name, pattern.slice(0, at)) ? "maybe" : "no";
  };
  const ofGroup = (pattern: string) =>
    groups === undefined
      ? "maybe"
      : groups.some((group) => matchesPattern(group, pattern))
      ? "yes"
      : "no";
  const found: Obstacle[] = [];
  for (
    const [what, keyword, test] of [
      ["Users", "DenyUsers", ofUser],
      ["Users", "AllowUsers", ofUser],
      ["Groups", "DenyGroups", ofGroup],
      ["Groups", "AllowGroups", ofGroup],
    ] as const
  ) {
    const { certain, possible } = listLines(
      keyword.toLowerCase(),
      lines,
      user,
    );
    const where = what === "Users" ? `"${name}"` : `a group of "${name}"`;
    if (keyword.startsWith("Deny")) {
      const denying = certain.find(({ words }) =>
        words.some((it) => test(it) === "yes")
      );
      // What is outside of a Match counts only if no Match applies.
      if (
        denying !== undefined &&
        (possible.length === 0 || denying.matches.length > 0)
      ) {
        found.push(
          sshdObstacle(keyword, denying, `take ${where} out of it`),
        );
      }
      continue;
    }
    const mayPass = [...certain, ...possible].some(({ words }) =>
      words.some((it) => test(it) !== "no")
    );
    const last = certain.filter(({ words }) => words.length > 0).at(-1);
    if (last !== undefined && !mayPass) {
      found.push(sshdObstacle(keyword, last, `add ${where} to it`));
    }
  }
  return found;
}

/** The signatures that a type of key can make. */
function algorithmsOf(type: string): readonly string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", type] : [type];
}

const PUBKEY_ALGORITHMS = [
  "pubkeyacceptedalgorithms",
  "pubkeyacceptedkeytypes",
];

/** The line because of which sshd takes no key of a type. */
function refusesType(
  type: string,
  lines: readonly SshdLine[],
  user: SshdUser,
): SshdLine | undefined {
  const possible = possibleLines(PUBKEY_ALGORITHMS, lines, user);
  const refuses = possible.every((line) => {
    const list = line?.words[0];
    // What is added to the defaults, or put first, takes nothing away.
    if (list === undefined || /^[+^]/.test(list)) return false;
    const isMinus = list.startsWith("-");
    const names = isMinus ? list.slice(1) : list;
    return algorithmsOf(type).every((it) => matchesList(it, names) === isMinus);
  });
  return refuses ? possible.at(-1) : undefined;
}

/** The names of what OpenSSH 9.1 added, and of what Red Hat had before. */
const RSA_SIZE = ["requiredrsasize", "rsaminsize"];

/** The line because of which an RSA key is too short for sshd. */
function refusesSize(
  rsaBits: number | undefined,
  lines: readonly SshdLine[],
  user: SshdUser,
): SshdLine | undefined {
  if (rsaBits === undefined) return undefined;
  const possible = possibleLines(RSA_SIZE, lines, user);
  return possible.every((line) => Number(line?.words[0]) > rsaBits)
    ? possible.at(-1)
    : undefined;
}

/** Why sshd does not take a key. */
function refusesKey(
  { type, rsaBits }: SshKeyFacts,
  lines: readonly SshdLine[],
  user: SshdUser,
): Obstacle | undefined {
  const ofType = refusesType(type, lines, user);
  if (ofType !== undefined) {
    const remedy = `add ${algorithmsOf(type)[0]} to it`;
    return sshdObstacle("PubkeyAcceptedAlgorithms", ofType, remedy);
  }
  const ofSize = refusesSize(rsaBits, lines, user);
  return ofSize && sshdObstacle(
    "RequiredRSASize",
    ofSize,
    `give the VM a longer key than one of ${rsaBits} bits`,
  );
}

const KBD_INTERACTIVE = [
  "kbdinteractiveauthentication",
  "challengeresponseauthentication",
  "skeyauthentication",
];

function methodRefusals(
  lines: readonly SshdLine[],
  user: SshdUser,
  { keys: given, password, pamAsksMore }: Credentials,
): Obstacle[] {
  const pubkeyOff = offBy(["pubkeyauthentication"], lines, user);
  const refused = given.map((key) => refusesKey(key, lines, user));
  const keys = pubkeyOff === undefined
    ? refused.filter((it) => it === undefined).length
    : 0;
  const passwordOff = offBy(["passwordauthentication"], lines, user);
  const kbdOff = offBy(KBD_INTERACTIVE, lines, user);
  if (given.length > 0 && keys === 0) {
    return pubkeyOff !== undefined
      ? [sshdObstacle("PubkeyAuthentication", pubkeyOff, "set it to yes")]
      : [refused[0]!];
  }
  if (
    given.length === 0 && password && passwordOff !== undefined &&
    kbdOff !== undefined
  ) {
    return [
      sshdObstacle("PasswordAuthentication", passwordOff, "set it to yes"),
    ];
  }
  const can = (methods: string) => {
    const names = methods.split(",").map((it) => it.split(":")[0]!);
    const keysAsked = names.filter((it) => it === "publickey").length;
    return keysAsked <= keys &&
      names.every((it) =>
        it === "password"
          ? password && passwordOff === undefined
          : it === "keyboard-interactive"
          ? kbdOff === undefined && (password || pamAsksMore)
          : true
      );
  };
  const possible = possibleLines(["authenticationmethods"], lines, user);
  const last = possible.at(-1);
  return last !== undefined &&
      possible.every((line) =>
        line !== undefined && line.words[0]?.toLowerCase() !== "any" &&
        !line.words.some(can)
      )
    ? [
      sshdObstacle(
        "AuthenticationMethods",
        last,
        `add ${given.length > 0 ? "publickey" : "password"} to it`,
      ),
    ]
    : [];
}
