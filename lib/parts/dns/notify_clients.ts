import type { DhcpClient, NotifyPlan, Step } from "../../dhcp/client.ts";
import { findRunning, type FoundClient } from "../../dhcp/find_running.ts";
import { machineFiles } from "../../dhcp/machine_files.ts";
import { fileProblem } from "../../files/file_problem.ts";
import { isFolder } from "../../files/is_there.ts";
import { writeAtomically } from "../../files/write_atomically.ts";
import type { RunProgramOptions, RunResult } from "../../host/run_program.ts";
import type { Log } from "../../log/create_log.ts";
import { bySystemd } from "./by_systemd.ts";

/** The machine that {@linkcode notifyClients} works on. */
export interface NotifyOptions {
  /** Runs a program of the system. */
  readonly run: (
    name: string,
    options: RunProgramOptions,
  ) => Promise<RunResult>;
  /**
   * A prefix for the paths of files, but not for those in arguments of programs; empty
   * on a real machine.
   */
  readonly root: string;
  /** A folder for files that a plan needs. */
  readonly stateDir: string;
  /** The time that is left, in milliseconds. */
  readonly remainingMs: () => number;
  readonly log: Pick<Log, "debug" | "warn">;
  readonly signal?: AbortSignal | undefined;
}

/** The outcome of {@linkcode notifyClients}; both are empty if there is no client. */
export interface Notified {
  /** The clients that know the name, as messages call them. */
  readonly notified: readonly string[];
  /** What went wrong with the others. */
  readonly problems: readonly string[];
}

/**
 * Notifies the machine's DHCP clients of its new name, so that the server, and by it
 * DNS, learns it. The machine keeps its addresses.
 *
 * @param clients The clients to look for; by default all that are known.
 */
export async function notifyClients(
  hostName: string,
  options: NotifyOptions,
  clients?: readonly DhcpClient[],
): Promise<Notified> {
  const notified: string[] = [];
  const problems: string[] = [];
  for (const client of findRunning(machineFiles(options.root), clients)) {
    const problem = await notifyClient(client, hostName, options);
    if (problem === undefined) notified.push(client.label);
    else problems.push(`${client.label}: ${problem}`);
  }
  return { notified, problems };
}

/** Returns what went wrong, if anything. */
async function notifyClient(
  { label, outsideSandbox, planNotify }: FoundClient,
  hostName: string,
  options: NotifyOptions,
): Promise<string | undefined> {
  const { root, stateDir, log } = options;
  const plan = planNotify(hostName, stateDir);
  if (plan.kind === "impossible") return plan.why;
  // The folder exists exactly while systemd is the init.
  const viaSystemd = outsideSandbox && isFolder(`${root}/run/systemd/system`);
  const runStep = (step: Step) =>
    run(viaSystemd ? bySystemd(step) : step, options);
  try {
    const unwritten = await writeFiles(plan, options);
    if (unwritten !== undefined) return unwritten;
    const problem = await runStep(plan.notify);
    if (plan.cleanUp !== undefined && !viaSystemd) {
      const left = await runStep(plan.cleanUp);
      if (left !== undefined) log.debug(`${label}: ${left}`);
    }
    if (problem === undefined && plan.warning !== undefined) {
      log.warn(`The name may not get into DNS: ${plan.warning}`);
    }
    return problem;
  } finally {
    await removeFiles(plan, root);
  }
}

async function writeFiles(
  { files = [] }: NotifyPlan,
  { root, stateDir }: Pick<NotifyOptions, "root" | "stateDir">,
): Promise<string | undefined> {
  for (const { path, text } of files) {
    try {
      await Deno.mkdir(`${root}${stateDir}`, { recursive: true });
      writeAtomically(`${root}${path}`, text, { mode: 0o600 });
    } catch (error) {
      return `cannot write "${root}${path}": ${fileProblem(error)}`;
    }
  }
  return undefined;
}

async function removeFiles(
  { temporaryFiles = [] }: NotifyPlan,
  root: string,
): Promise<void> {
  for (const path of temporaryFiles) {
    await Deno.remove(`${root}${path}`).catch(() => {});
  }
}

/** The shortest time that a program gets, however late it is, in milliseconds. */
const MIN_PROGRAM_MS = 500;

async function run(
  { program, args, timeoutMs }: Step,
  { run, remainingMs, signal }: NotifyOptions,
): Promise<string | undefined> {
  signal?.throwIfAborted();
  const result = await run(program, {
    args,
    timeoutMs: Math.max(MIN_PROGRAM_MS, Math.min(timeoutMs, remainingMs())),
    signal,
  });
  switch (result.kind) {
    case "ok":
      return undefined;
    case "absent":
      return `the program "${program}" is not installed`;
    case "failed":
      return result.reason;
  }
}
