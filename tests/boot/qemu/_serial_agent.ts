import { TALK } from "../_agent.ts";
import { DONE_FLAG } from "../_done_flag.ts";
import { AGENT, type ImageFile, type Init } from "../_inits.ts";

/** Where the agent and the test talk to each other, in the machine: its second serial port. */
export const SERIAL_PORT = "/dev/ttyS1";

/**
 * What the agent says. After `started` comes how long the machine has run, in
 * seconds, and after `hostname` the name that it runs with.
 */
export type Word = "started" | "done" | "recorded" | "hostname";

/**
 * The test's program inside a machine that has its files for itself: as the usual
 * agent, but the test hears and is heard at a serial port. It says `started`, `done`
 * once systemd is done with the program's unit, and `recorded` once success is recorded
 * for this machine.
 *
 * @param init The machine's init.
 * @returns The program.
 */
export function serialAgent({ powerOff }: Init): ImageFile {
  return {
    path: AGENT,
    mode: 0o755,
    text: `#!/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
exec <${SERIAL_PORT} >${SERIAL_PORT}
stty raw -echo
read -r uptime rest </proc/uptime
echo "started $uptime"
{ read -r word; : >${TALK}/end; } <${SERIAL_PORT} &
uuid=$(tr A-F a-f </sys/class/dmi/id/product_uuid)
recorded='' done=''
while [ ! -e ${TALK}/end ]; do
  [ -n "$recorded" ] || [ ! -e ${DONE_FLAG} ] || [ "$(cat ${DONE_FLAG})" != "$uuid" ] || { recorded=yes; echo recorded; }
  [ -n "$done" ] || [ ! -e ${TALK}/done ] || { done=yes; echo done; }
  sleep 0.2
done
echo "hostname $(cat /proc/sys/kernel/hostname)"
${powerOff}
exec sleep 600
`,
  };
}
