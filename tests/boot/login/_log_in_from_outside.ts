import { type CommandResult, run } from "../../helpers/command.ts";
import { inNamespace } from "../../helpers/network.ts";
import type { Boot } from "../_boot.ts";

/** The machine's address. */
const ADDRESS = "10.77.0.5";

/** With what somebody logs in. */
export type Credential =
  | {
    /** The file of the private key. */
    readonly key: string;
  }
  | {
    /** A program that prints the password. */
    readonly askpass: string;
  }
  /** Nothing: sshd says what it would take. */
  | "none";

/** A try to log in. */
export interface OutsideLogin {
  /** With what. */
  readonly credential: Credential;
  /** What to run there. */
  readonly command: string;
  /** The user; `azure` by default. */
  readonly user?: string;
}

/** The first try that reached sshd. */
export interface FirstLogin {
  /** How it ended. */
  readonly result: CommandResult;
  /** What tries before it that did not get as far as sshd ended with. */
  readonly refused: readonly string[];
  /** When it began, counted from the start, in milliseconds. */
  readonly afterMs: number;
}

/**
 * Tries once to log in to a machine, from the platform's side of the network.
 *
 * @param boot The machine.
 */
export function logInFromOutside(
  { network }: Pick<Boot, "network">,
  { credential, command, user = "azure" }: OutsideLogin,
): Promise<CommandResult> {
  const method = credential === "none"
    ? "none"
    : "key" in credential
    ? "publickey"
    : "password";
  const askpass = credential !== "none" && "askpass" in credential
    ? [`SSH_ASKPASS=${credential.askpass}`, "SSH_ASKPASS_REQUIRE=force"]
    : [];
  const [program, ...args] = inNamespace(network.platform, [
    "env",
    ...askpass,
    "ssh",
    "-F",
    "/dev/null",
    ...credential !== "none" && "key" in credential
      ? ["-i", credential.key]
      : [],
    ...[
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      "IdentitiesOnly=yes",
      "NumberOfPasswordPrompts=1",
      "ConnectTimeout=30",
      `PreferredAuthentications=${method}`,
      "LogLevel=ERROR",
    ].flatMap((option) => ["-o", option]),
    `${user}@${ADDRESS}`,
    command,
  ]);
  return run(program, args);
}

/**
 * Tries to log in until a connection is made, as fast as it can, and says how that one
 * ended: whoever got a connection is not refused a second time.
 *
 * @param boot The machine.
 * @param timeoutMs How long that may take, in milliseconds.
 */
export async function firstLogin(
  boot: Pick<Boot, "network">,
  login: OutsideLogin,
  timeoutMs: number,
): Promise<FirstLogin> {
  const start = performance.now();
  const refused: string[] = [];
  for (;;) {
    const afterMs = performance.now() - start;
    const result = await logInFromOutside(boot, login);
    const isRefused = result.code === 255 &&
      /Connection refused/.test(result.stderr);
    if (!isRefused || afterMs > timeoutMs) return { result, refused, afterMs };
    refused.push(result.stderr.trim());
  }
}
