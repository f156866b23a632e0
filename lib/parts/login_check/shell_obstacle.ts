import { NO_LOGIN_SHELL } from "../login/account/adoption.ts";
import type { Obstacle } from "../login/obstacle.ts";

/** What is known of a user's shell. */
export interface ShellFacts {
  /** The user's name. */
  readonly name: string;
  /** The shell, as passwd(5) has it. */
  readonly shell: string;
  /** Whether it is a file that can be run. */
  readonly isExecutable: boolean;
  /** What `/etc/shells` lists; `undefined` if that does not matter, or is not known. */
  readonly shells: readonly string[] | undefined;
  /** Who wants the shell to be there, such as `pam_shells`. */
  readonly wantedBy: string;
}

/** Finds what is wrong with a user's shell. */
export function shellObstacle(
  { name, shell: written, isExecutable, shells, wantedBy }: ShellFacts,
): Obstacle | undefined {
  const shell = written === "" ? "/bin/sh" : written;
  const remedy = `run "chsh -s /bin/sh ${name}" in the image`;
  const whose = `the shell "${shell}" of "${name}"`;
  if (!isExecutable) {
    return { problem: `${whose} is not a program that exists`, remedy };
  }
  if (NO_LOGIN_SHELL.test(shell)) {
    return { problem: `${whose} lets nobody log in`, remedy };
  }
  if (shells !== undefined && !shells.includes(shell)) {
    return {
      problem: `${whose} is not in "/etc/shells", as ${wantedBy} wants`,
      remedy: "add it in the image",
    };
  }
  return undefined;
}
