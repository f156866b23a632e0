import { readClues } from "../../dhcp/client_files.ts";
import { describe, type DhcpClient, findClients } from "../../dhcp/clients.ts";
import { isFolder } from "../../files/is_there.ts";
import { fileProblem, writeAtomically } from "../../files/write_atomically.ts";
import type { RunProgramOptions, RunResult } from "../../host/run_program.ts";
import type { Log } from "../../log/create_log.ts";
import { bySystemd, DHCLIENT_FILES, planFor, type Step } from "./steps.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The part `dns`: has the DHCP client notify the server, and so DNS, of a new host name. */
export const dnsPart: Part = {
  name: "dns",
  summary: "has the DHCP client tell a new host name, so that DNS learns it",
  default: true,
  needs:
    "systemd-networkd, NetworkManager, dhclient, dhcpcd or udhcpc, with its own program; with systemd and one of the last three `systemd-run`",
  programs: [
    "systemctl",
    "systemd-run",
    "nmcli",
    "dhclient",
    "dhcpcd",
    "udhcpc",
  ],
  paths: [],
  optional: true,
  wanted: ({ computerName, name }) => (computerName ?? name) !== undefined,
  run,
};

async function run(context: PartContext): Promise<PartOutcome> {
  const { host, stateDir, log, clock, deadline, signal } = context;
  const name = host.currentName();
  // A run before this one may have set it, and not told it: who requires that gets it.
  if (name === context.nameBefore && !context.required) {
    return { kind: "done", what: `the name "${name}" is not new` };
  }
  const { told, problems } = await tellName(name, {
    root: host.etcDir.replace(/\/etc$/, ""),
    stateDir,
    log,
    run: host.run,
    remainingMs: () => deadline - clock.now(),
    signal,
  });
  if (problems.length > 0) {
    throw new ProvisioningError(
      `The name "${name}" may not get into DNS: ${problems.join("; ")}`,
      { key: "name_not_in_dns", exitCode: ExitCode.configuration },
    );
  }
  return told.length > 0
    ? { kind: "done", what: `the name was told to ${told.join(", ")}` }
    : {
      kind: "skipped",
      why: "no DHCP client is known here that could tell DNS the name",
    };
}

/** Options of {@linkcode tellName}. */
export type TellNameOptions = Omit<TellClientOptions, "hasSystemd">;

/** What telling the name gave. */
export interface Told {
  /** The clients that know it, such as `NetworkManager on eth0`. */
  readonly told: readonly string[];
  /** What went wrong with the others. */
  readonly problems: readonly string[];
}

/**
 * Tells every DHCP client of the machine its new name, so that the server, and by it
 * DNS, learns it. No address is given up for it.
 *
 * @param name The name that the host has now.
 * @param options The machine.
 * @returns Which clients were told; none, and no problem, if there is no client.
 */
export async function tellName(
  name: string,
  options: TellNameOptions,
): Promise<Told> {
  const root = options.root ?? "";
  // It is there exactly while systemd is the init.
  const hasSystemd = isFolder(`${root}/run/systemd/system`);
  const told: string[] = [];
  const problems: string[] = [];
  for (const client of findClients(readClues(root))) {
    const problem = await tellClient(client, name, { ...options, hasSystemd });
    if (problem === undefined) told.push(describe(client));
    else problems.push(`${describe(client)}: ${problem}`);
  }
  return { told, problems };
}

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
  readonly signal?: AbortSignal | undefined;
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

async function removeFilesIn(stateDir: string): Promise<void> {
  for (const name of DHCLIENT_FILES) {
    await Deno.remove(`${stateDir}/${name}`).catch(() => {});
  }
}
