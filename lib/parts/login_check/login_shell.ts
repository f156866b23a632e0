import type { Account } from "../login/account/accounts.ts";
import { isThere } from "../../files/is_there.ts";
import { pathOnDisk, readIfThere } from "../login/login_machine.ts";
import type { Obstacle } from "../login/obstacle.ts";
import { isRequired } from "./pam_stack.ts";
import type { Sshd } from "./read_sshd.ts";
import { shellObstacle } from "./shell_obstacle.ts";

/** What reads `/etc/shells`, and what else takes the place of the shell. */
export interface ShellReader {
  /** The machine's sshd, if that is the server and its settings are known. */
  readonly sshd: Sshd | undefined;
  /** The only SSH server; `undefined` if there are several, or none that is known. */
  readonly only: string | undefined;
  /** The types of PAM that the user's way to log in goes through. */
  readonly pamTypes: readonly string[];
  /** The folder that stands for `/etc`. */
  readonly etcDir: string;
}

/** What pam_shells of some distributions reads instead. */
const VENDOR_SHELLS = ["/usr/etc/shells", "/usr/share/defaults/etc/shells"];

/** What getusershell(3) returns without the file. */
const USUAL_SHELLS: readonly string[] = ["/bin/sh", "/bin/csh"];

/** Finds what is wrong with a user's shell, for the SSH server that there is. */
export function loginShellObstacle(
  { name, shell }: Account,
  reader: ShellReader,
): Obstacle | undefined {
  const { sshd, only } = reader;
  // It, or a root of its own, takes the place of the shell.
  if (
    sshd?.lines.some(({ keyword }) =>
      ["forcecommand", "chrootdirectory"].includes(keyword)
    )
  ) return undefined;
  return shellObstacle({
    name,
    shell,
    isExecutable: isProgram(shell === "" ? "/bin/sh" : shell),
    shells: shellsFor(reader),
    wantedBy: only === "dropbear" ? only : "pam_shells",
  });
}

function shellsFor(
  { sshd, only, pamTypes, etcDir }: ShellReader,
): readonly string[] | undefined {
  const text = () => readIfThere(`${etcDir}/shells`);
  if (only === "dropbear") {
    return text()?.split("\n").flatMap((line) =>
      /^[^#/]*(\/[^#\s]*)/.exec(line)?.slice(1) ?? []
    ) ?? USUAL_SHELLS;
  }
  const isWanted = sshd?.usesPam &&
    pamTypes.some((type) => isRequired("pam_shells.so", type, sshd.pam));
  if (!isWanted) return undefined;
  const lines = text()?.split("\n");
  const isElsewhere = VENDOR_SHELLS.some((path) =>
    isThere(pathOnDisk(path, etcDir))
  );
  return lines ?? (isElsewhere ? undefined : []);
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
