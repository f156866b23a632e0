import { rsaBitsOf, sshKeyBodyProblem } from "./ssh_key_body.ts";

/** The result of {@linkcode cleanSshKey}. */
export type SshKeyResult =
  | {
    readonly ok: true;
    /** The type, the body and the comment, if any, separated by one space; without a line end. */
    readonly line: string;
  }
  | {
    readonly ok: false;
    /** Why it is not a key; quotes nothing of it. */
    readonly reason: string;
  };

/** What an SSH server judges a key by. */
export interface SshKeyFacts {
  /** Its type, such as `ssh-ed25519`. */
  readonly type: string;
  /** The length of an RSA key, in bits. */
  readonly rsaBits?: number | undefined;
}

/** Says what an SSH server judges a key by; nothing for what is not a key. */
export function sshKeyFacts(keyData: string): SshKeyFacts[] {
  const key = cleanSshKey(keyData);
  if (!key.ok) return [];
  const [type = "", body = ""] = key.line.split(" ");
  return [{ type, rsaBits: rsaBitsOf(type, body) }];
}

/** The types that OpenSSH accepts in authorized_keys; it no longer accepts `ssh-dss`. */
export const SSH_KEY_TYPES: readonly string[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
  "ssh-rsa",
];

/** OpenSSH accepts RSA keys of up to 16384 bits, whose line has under 3 KB. */
const MAX_KEY_LENGTH = 16 * 1024;

/** A body that is wrapped at 64 columns has fewer. */
const MAX_LINES = 128;

const MAX_COMMENT_LENGTH = 256;

/**
 * Converts a key from the platform to a line of authorized_keys(5).
 *
 * Line ends around and inside the key are removed, because the platform's keys have been
 * seen with them. A key is data, not policy: options in front of it are refused, and so
 * are certificates, which need options. The body has to be complete, and of the type
 * that is named in front of it.
 */
export function cleanSshKey(keyData: string): SshKeyResult {
  if (keyData.length > MAX_KEY_LENGTH) {
    return refuse(`it is over ${MAX_KEY_LENGTH} characters long`);
  }
  const lines = keyData.split(/[\r\n]+/).map((line) => line.trim())
    .filter((line) => line !== "");
  const first = lines[0];
  if (first === undefined) return refuse("it is empty");
  const formatProblem = otherFormat(first);
  if (formatProblem !== undefined) return refuse(formatProblem);
  if (lines.length > MAX_LINES) {
    return refuse(`it has over ${MAX_LINES} lines`);
  }
  // Lines are joined until the body is complete.
  let joined = "";
  let problem = "it has no body";
  for (const [index, line] of lines.entries()) {
    joined += SSH_KEY_TYPES.includes(joined) ? ` ${line}` : line;
    const key = parse(joined);
    if (!key.ok) {
      problem = key.reason;
      continue;
    }
    const others = lines.slice(index + 1);
    if (others.some((other) => otherFormat(other) === undefined)) {
      return refuse("it contains more than one key");
    }
    const comment = cleanComment([key.comment, ...others].join(" "));
    return {
      ok: true,
      line: `${key.type} ${key.body}${comment === "" ? "" : ` ${comment}`}`,
    };
  }
  return refuse(problem);
}

/** Says why a text does not start like a key; `undefined` if it does. */
function otherFormat(text: string): string | undefined {
  const [type = "", ...others] = text.split(/[ \t]+/);
  if (SSH_KEY_TYPES.includes(type)) return undefined;
  if (/PRIVATE KEY/.test(text)) return "it is a private key";
  if (text.startsWith("--")) {
    return 'it is not in OpenSSH\'s format; "ssh-keygen -i" converts it';
  }
  if (type.endsWith("-cert-v01@openssh.com")) {
    return "it is a certificate; give the key that it certifies";
  }
  if (type === "ssh-dss") return "OpenSSH no longer accepts DSA keys";
  return others.some((word) => SSH_KEY_TYPES.includes(word))
    ? "it has options in front of the key"
    : "it does not start with the type of a key, such as ssh-ed25519";
}

type Parsed =
  | {
    readonly ok: true;
    readonly type: string;
    readonly body: string;
    readonly comment: string;
  }
  | { readonly ok: false; readonly reason: string };

function parse(line: string): Parsed {
  const match = /^(\S+)[ \t]+(\S+)[ \t]*(.*)$/s.exec(line);
  if (match === null) return { ok: false, reason: "it has no body" };
  const [, type, body, comment] = match as unknown as string[];
  const reason = sshKeyBodyProblem(type!, body!);
  return reason === undefined
    ? { ok: true, type: type!, body: body!, comment: comment! }
    : { ok: false, reason };
}

/** Removes what a terminal would not show as it is. */
function cleanComment(comment: string): string {
  return comment.toWellFormed().replace(/\p{C}/gu, "").replace(/\p{Z}/gu, " ")
    .trim().slice(0, MAX_COMMENT_LENGTH).toWellFormed().trim();
}

function refuse(reason: string): SshKeyResult {
  return { ok: false, reason };
}
