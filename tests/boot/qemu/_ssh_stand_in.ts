import { TALK } from "../_agent.ts";
import type { Extras } from "./_qemu_case.ts";

const UNIT = "ssh.service";

/** A unit in SSH's place, which notes when it started and the host name that it found. */
export const SSH_STAND_IN: Extras = {
  files: [{
    path: `/etc/systemd/system/${UNIT}`,
    text: `[Unit]
Description=Stands in for SSH
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'read -r seconds rest </proc/uptime; echo "$$seconds $$(cat /proc/sys/kernel/hostname)" >${TALK}/ssh'
`,
  }],
  links: [{
    path: `/etc/systemd/system/multi-user.target.wants/${UNIT}`,
    target: `../${UNIT}`,
  }],
};

/** What SSH found when it started. */
export interface SshStart {
  /** How long the machine had run. */
  readonly uptimeS: number;
  /** The host name. */
  readonly hostName: string;
}

/**
 * Reads what the unit noted.
 *
 * @param tree What was on the machine's disk after the boot.
 * @returns What it found.
 */
export async function sshStartOf(tree: string): Promise<SshStart> {
  const note = await Deno.readTextFile(`${tree}${TALK}/ssh`);
  const [uptime = "", hostName = ""] = note.trim().split(" ");
  return { uptimeS: Number(uptime), hostName };
}
