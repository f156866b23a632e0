import { fileProblem, writeAtomically } from "../files/write_atomically.ts";
import type { RunProgramOptions, RunResult } from "../host/run_program.ts";
import type { Log } from "../log/log.ts";
import { describe, type DhcpClient } from "./dhcp_client.ts";
import {
  bySystemd,
  DHCLIENT_FILES,
  planFor,
  type Step,
} from "../parts/dns/steps.ts";

/** What {@linkcode tellClient} needs. */
export interface TellClientOptions {
  /** Runs a program of the system. */
  readonly run: (
    name: string,
    options: RunProgramOptions,
  ) => Promise<RunResult>;
  /**
   * What is in front of the paths of files, but not of those that programs are given;
   * a test has its own.
   *
   * @default {""}
   */
  readonly root?: string;
  /** The program's own folder, for files of a dhclient of our own. */
  readonly stateDir: string;
  /** Whether systemd is the init, and so can run what the unit's sandbox refuses. */
  readonly hasSystemd: boolean;
  /** How much time is left, in milliseconds, for each program. */
  readonly remainingMs: () => number;
  /** Where what happens is written. */
  readonly log: Log;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** The least that a program gets, however late it is, in milliseconds. */
const LEAST_MS = 500;

/**
 * Tells a DHCP client the name, or the server in its stead.
 *
 * @param client The client.
 * @param name The name.
 * @param options The machine.
 * @returns What went wrong, or `undefined`.
 */
export async function tellClient(
  client: DhcpClient,
  name: string,
  options: TellClientOptions,
): Promise<string | undefined> {
  const { root = "", log } = options;
  const plan = planFor(client, name, options.stateDir);
  const stateDir = `${root}${options.stateDir}`;
  if (plan.kind === "none") return plan.why;
  const files = plan.files ?? [];
  for (const { path, text } of files) {
    const problem = await put(`${root}${path}`, text, stateDir);
    if (problem !== undefined) return problem;
  }
  try {
    const problem = await runStep(plan.tell, options);
    if (plan.end !== undefined && !options.hasSystemd) {
      const left = await runStep(plan.end, options);
      if (left !== undefined) log.debug(`${describe(client)}: ${left}`);
    }
    if (problem === undefined && plan.doubt !== undefined) {
      log.warn(`The name may not get into DNS: ${plan.doubt}`);
    }
    return problem;
  } finally {
    if (files.length > 0) await removeFilesIn(stateDir);
  }
}

async function put(
  path: string,
  text: string,
  stateDir: string,
): Promise<string | undefined> {
  try {
    await Deno.mkdir(stateDir, { recursive: true });
    writeAtomically(path, text, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `cannot write "${path}": ${fileProblem(error)}`;
  }
}

async function runStep(
  step: Step,
  { run, hasSystemd, remainingMs, signal }: TellClientOptions,
): Promise<string | undefined> {
  signal?.throwIfAborted();
  const { program, args, timeoutMs } = hasSystemd && step.needsMore
    ? bySystemd(step)
    : step;
  const result = await run(program, {
    args,
    timeoutMs: Math.max(LEAST_MS, Math.min(timeoutMs, remainingMs())),
    ...(signal === undefined ? {} : { signal }),
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

async function removeFilesIn(stateDir: string): Promise<void> {
  for (const name of DHCLIENT_FILES) {
    await Deno.remove(`${stateDir}/${name}`).catch(() => {});
  }
}
