import { messageOf } from "../provisioning_error.ts";

/** How a program ended. */
export type RunResult =
  /** It is not installed. */
  | { readonly kind: "absent" }
  /** It exited with 0. */
  | { readonly kind: "ok" }
  /** It failed, and what it said. */
  | { readonly kind: "failed"; readonly reason: string };

/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Its arguments; no shell sees them. */
  readonly args: readonly string[];
  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** Where a program may be; fixed, so that nobody's `PATH` chooses what root runs. */
const FOLDERS: readonly string[] = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];

/**
 * Runs a program of the system, with an empty environment and without input.
 *
 * Needs `--allow-run` for its path.
 *
 * @param name The program's name.
 * @param options Its arguments and bounds.
 * @returns How it ended.
 */
export async function runProgram(
  name: string,
  options: RunProgramOptions,
): Promise<RunResult> {
  for (const folder of FOLDERS) {
    const result = await runPath(`${folder}/${name}`, options);
    if (result.kind !== "absent") return result;
  }
  return { kind: "absent" };
}

async function runPath(
  path: string,
  options: RunProgramOptions,
): Promise<RunResult> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined
    ? timeout
    : AbortSignal.any([options.signal, timeout]);
  try {
    const child = new Deno.Command(path, {
      args: [...options.args],
      clearEnv: true,
      env: { LC_ALL: "C" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const output = await endOf(child, signal);
    if (output === undefined) {
      return failed(path, `no end after ${options.timeoutMs / 1000} s`);
    }
    if (output.success) return { kind: "ok" };
    const words = new TextDecoder().decode(output.stderr).trim().slice(0, 300);
    const { signal: killedBy, code } = output;
    return failed(
      path,
      words || (killedBy ? `ended by ${killedBy}` : `exit status ${code}`),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "absent" };
    return failed(
      path,
      error instanceof Deno.errors.NotCapable
        ? "the program was compiled without the permission to run it"
        : messageOf(error),
    );
  }
}

/** A program that is killed is not waited for: what it started may hold its pipe. */
async function endOf(
  child: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Deno.CommandOutput | undefined> {
  const aborted = Promise.withResolvers<undefined>();
  const abort = () => aborted.resolve(undefined);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  const output = child.output();
  const ended = await Promise.race([output, aborted.promise]);
  signal.removeEventListener("abort", abort);
  if (ended === undefined) {
    child.kill("SIGKILL");
    await child.status;
    output.catch(() => {});
  }
  return ended;
}

function failed(path: string, reason: string): RunResult {
  return { kind: "failed", reason: `${path}: ${reason}` };
}
