import { pathOnDisk, readIfThere } from "../login/login_machine.ts";
import { sshdConfigOf } from "../login/sshd/set_sshd_passwords.ts";
import { isOn } from "../login/sshd/sshd_access.ts";
import { sshdFiles } from "../login/sshd/sshd_files.ts";
import { readSshdLines, type SshdLine } from "../login/sshd/sshd_lines.ts";
import type { SshdUser } from "../login/sshd/sshd_match.ts";
import { type PamLine, readPamStack } from "./pam_stack.ts";

/** How the machine's sshd is set for a user. */
export interface Sshd {
  /** All that it reads. */
  readonly lines: readonly SshdLine[];
  /** The user. */
  readonly user: SshdUser;
  /** Whether it asks PAM. */
  readonly usesPam: boolean;
  /** What PAM does then; `undefined` if that cannot be read. */
  readonly pam: readonly PamLine[] | undefined;
}

/**
 * Reads how the machine's sshd is set.
 *
 * @returns `undefined` if not everything that it reads can be read.
 */
export function readSshd(user: SshdUser, etcDir: string): Sshd | undefined {
  const config = sshdConfigOf({ etcDir });
  if (config === undefined) return undefined;
  const files = sshdFiles({ etcDir, withDropIn: false });
  const { lines, problem } = readSshdLines(config, files);
  if (problem !== undefined) return undefined;
  const pam = readPamStack(
    "sshd",
    (service) =>
      ["/etc/pam.d", "/usr/etc/pam.d", "/usr/lib/pam.d"]
        .map((folder) =>
          readIfThere(pathOnDisk(`${folder}/${service}`, etcDir))
        )
        .find((text) => text !== undefined),
  );
  const usesPam = isOn("usepam", lines, user);
  return { lines, user, usesPam, pam };
}
