import type {
  RunProgramOptions,
  RunResult,
} from "../../lib/host/run_program.ts";
import {
  type Notified,
  notifyClients,
} from "../../lib/parts/dns/notify_clients.ts";
import type { Boot } from "./_boot.ts";
import { run } from "../helpers/command.ts";
import { recordingLog } from "../helpers/recording_log.ts";

/** The exit status of `env` for a program that is not there. */
const NOT_FOUND = 127;

/** Runs a program in a machine. */
export async function runInMachine(
  boot: Boot,
  name: string,
  { args, timeoutMs }: RunProgramOptions,
): Promise<RunResult> {
  const { code, stdout, stderr } = await run("nsenter", [
    "-t",
    `${boot.firstProcess()}`,
    "--all",
    "env",
    "-i",
    "LC_ALL=C",
    "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
    name,
    ...args,
  ], timeoutMs);
  if (code === 0) return { kind: "ok" };
  if (code === NOT_FOUND) return { kind: "absent" };
  return { kind: "failed", reason: `${name}: ${code}: ${stdout}${stderr}` };
}

/** Names a machine that runs, and notifies its DHCP clients, as the program does. */
export async function nameAndNotify(
  boot: Boot,
  name: string,
): Promise<Notified> {
  await runInMachine(boot, "hostname", { args: [name], timeoutMs: 5_000 });
  return await notifyClients(name, {
    root: `/proc/${boot.firstProcess()}/root`,
    stateDir: "/var/lib/azure-provisioning",
    log: recordingLog(),
    remainingMs: () => Infinity,
    run: (program, options) => runInMachine(boot, program, options),
  });
}
