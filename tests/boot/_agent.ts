import { AGENT, type ImageFile, TALK } from "./_inits.ts";

export { TALK };

/** A machine whose test is gone ends by itself after this. */
const LONGEST_BOOT_S = 900;

/**
 * The test's only program inside a machine: it says that the boot has come so
 * far, waits until the test asks for the end, notes the host name that the machine
 * then runs with and systemd's failed units, and ends the machine in its init's own way.
 *
 * @param powerOff The shell command that ends the machine.
 * @returns The program.
 */
export function agentProgram(powerOff: string): ImageFile {
  return {
    path: AGENT,
    mode: 0o755,
    text: `#!/bin/bash
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
: >${TALK}/started
tries=0
while [ ! -e ${TALK}/end ] && [ "$tries" -lt ${LONGEST_BOOT_S * 10} ]; do
  sleep 0.1
  tries=$((tries + 1))
done
[ ! -d /run/systemd/system ] || systemctl list-units --failed --plain --no-legend >${TALK}/failed
cat /proc/sys/kernel/hostname >${TALK}/hostname
${powerOff}
exec sleep 600
`,
  };
}
