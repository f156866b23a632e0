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
    const { code, signal: killedBy, stderr } = await new Deno.Command(path, {
      args: [...options.args],
      clearEnv: true,
      env: { LC_ALL: "C" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal,
    }).output();
    if (code === 0) return { kind: "ok" };
    if (timeout.aborted) {
      return failed(path, `no end after ${options.timeoutMs / 1000} s`);
    }
    const words = new TextDecoder().decode(stderr).trim().slice(0, 300);
    return failed(
      path,
      words || (killedBy ? `ended by ${killedBy}` : `exit status ${code}`),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "absent" };
    return failed(path, messageOf(error));
  }
}

function failed(path: string, reason: string): RunResult {
  return { kind: "failed", reason: `${path}: ${reason}` };
}
