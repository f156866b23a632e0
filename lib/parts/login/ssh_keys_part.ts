import { SSH_KEYS_PATHS, SSH_KEYS_PROGRAMS } from "./login_needs.ts";
import type { Part } from "../part.ts";
import { isThere } from "../../files/is_there.ts";
import { HOMES_DIRS, lockedHomePath } from "./login_names.ts";

/**
 * The part `ssh-keys`: gives the admin user the keys from the metadata, and turns
 * passwords off in sshd if the VM was created without.
 */
export const sshKeysPart: Part = {
  name: "ssh-keys",
  summary: "gives that user the SSH keys from the metadata",
  default: true,
  needs:
    "an SSH server that reads `~/.ssh/authorized_keys`, or `/etc/ssh/authorized_keys.d/%u`",
  programs: SSH_KEYS_PROGRAMS,
  paths: SSH_KEYS_PATHS,
  optional: false,
  wanted: ({ adminUsername, publicKeys, disablePasswordAuthentication }) =>
    adminUsername !== undefined &&
    (publicKeys !== undefined || disablePasswordAuthentication === true),
  run: async (context) =>
    (await import("../login_work.ts")).runSshKeys(context),
  recover: async (machine) => {
    if (!isThere(lockedHomePath(machine.stateDir))) return;
    const { unlockLeftHome } = await import("../login_work.ts");
    unlockLeftHome({ ...machine, homesDirs: HOMES_DIRS });
  },
};
