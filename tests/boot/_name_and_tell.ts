import type {
  RunProgramOptions,
  RunResult,
} from "../../lib/host/run_program.ts";
import { tellName, type Told } from "../../lib/parts/dns/dns_part.ts";
import type { Boot } from "./_boot.ts";
import { run } from "../helpers/command.ts";
import { recordingLog } from "../helpers/recording_log.ts";

/** The exit status of `env` for a program that is not there. */
const NOT_FOUND = 127;

/**
 * Runs a program in a machine.
 *
 * @param boot The machine.
 * @param name The program's name.
 * @param options Its arguments and bounds.
 * @returns How it ended.
 */
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

/**
 * Names a machine that runs, and tells its DHCP clients, as the program does.
 *
 * @param boot The machine.
 * @param name The name.
 * @returns Which clients were told.
 */
export async function nameAndTell(boot: Boot, name: string): Promise<Told> {
  await runInMachine(boot, "hostname", { args: [name], timeoutMs: 5_000 });
  return await tellName(name, {
    root: `/proc/${boot.firstProcess()}/root`,
    stateDir: "/var/lib/azure-provisioning",
    log: recordingLog(),
    remainingMs: () => Infinity,
    run: (program, options) => runInMachine(boot, program, options),
  });
}
