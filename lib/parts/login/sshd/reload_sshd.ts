import { after } from "../../../after.ts";
import { isThere } from "../../../files/is_there.ts";
import { readBounded } from "../../../files/read_bounded.ts";
import { GREP } from "../../../host/grep.ts";
import { lookAt } from "../home/look_at.ts";
import { type LoginMachine, runWithin } from "../login_machine.ts";
import type { SshdMachine } from "./sshd_drop_in.ts";
import { SIGNAL_PROGRAM } from "../login_names.ts";

/** Where sshd writes its process id, as long as it listens. */
const PID_FILE = "run/sshd.pid";

/** More than a process id has, in bytes. */
const MAX_PID_BYTES = 32;

/** How long sshd may take until it listens again, and how often that is looked at, in milliseconds. */
const RELOAD_MS = 1000;
const STEP_MS = 10;

/**
 * Has an sshd that runs already read its settings anew, and waits until it listens again.
 * Some inits start it beside the program; others, once the program has taken too long.
 *
 * It does not fail: where it cannot tell, an sshd that starts later is all there is.
 */
export async function reloadSshd(machine: SshdMachine): Promise<void> {
  const { etcDir, log } = machine;
  const root = etcDir.slice(0, etcDir.lastIndexOf("/"));
  const path = `${root}/${PID_FILE}`;
  const pid = readPid(path);
  if (pid === undefined) return;
  if (!await mayBeSshd(pid, `${root}/run/systemd/system`, machine)) {
    log.debug(`"${path}" is not of a running sshd`);
    return;
  }
  const before = versionOf(path);
  const result = await runWithin(machine, SIGNAL_PROGRAM, ["-HUP", pid]);
  if (result.kind !== "ok") {
    warn(
      result.kind === "failed"
        ? result.reason
        : `"${SIGNAL_PROGRAM}" is not installed`,
      log,
    );
    return;
  }
  for (let ms = 0; ms < RELOAD_MS; ms += STEP_MS) {
    const now = versionOf(path);
    if (now !== undefined && now !== before) break;
    await new Promise<void>((resolve) => after(STEP_MS, resolve));
  }
  machine.signal?.throwIfAborted();
  log.debug("The running sshd has read its settings anew");
}

/**
 * Whether a process is sshd. After a crash, the number may be another process's. The unit's
 * sandbox hides processes; with systemd, the file is at least of this boot.
 */
async function mayBeSshd(
  pid: string,
  systemd: string,
  machine: SshdMachine,
): Promise<boolean> {
  const found = await machine.run(GREP, {
    args: ["-qx", "--", "sshd", `/proc/${pid}/comm`],
    timeoutMs: RELOAD_MS,
    signal: machine.signal,
  });
  machine.signal?.throwIfAborted();
  if (found.kind === "ok") return true;
  return found.kind === "failed" && /No such file/.test(found.reason) &&
    isThere(systemd);
}

function readPid(path: string): string | undefined {
  try {
    const text = new TextDecoder().decode(readBounded(path, MAX_PID_BYTES));
    return /^([1-9][0-9]{0,9})\n?$/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Changes whenever sshd writes the file anew. */
function versionOf(path: string): string | undefined {
  const info = lookAt(path);
  return typeof info === "object"
    ? `${info.ino} ${info.mtime?.getTime()}`
    : undefined;
}

function warn(reason: string, log: LoginMachine["log"]): void {
  log.warn(
    `The running sshd goes on with its old settings: ${reason}; restart it`,
  );
}
