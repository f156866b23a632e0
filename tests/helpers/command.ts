/** How a command ended. */
export interface CommandResult {
  /** Its exit status. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** The environment of every program that a test starts, so that none depends on whose machine it is. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
};

const USUAL_TIMEOUT_MS = 120_000;

/**
 * Runs a command to its end.
 *
 * @param args Its arguments.
 * @param timeoutMs How long it may take before it is terminated.
 * @returns How it ended.
 */
export async function run(
  program: string,
  args: readonly string[],
  timeoutMs: number = USUAL_TIMEOUT_MS,
): Promise<CommandResult> {
  const process = new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: { ...ENVIRONMENT },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => process.kill(), timeoutMs);
  try {
    const { code, stdout, stderr } = await process.output();
    const decoder = new TextDecoder();
    return {
      code,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
    };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a command that has to succeed.
 *
 * @param args Its arguments.
 * @param timeoutMs How long it may take before it is terminated.
 * @returns What it wrote to standard output.
 * @throws {Error} If it fails.
 */
export async function succeed(
  program: string,
  args: readonly string[],
  timeoutMs?: number,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, timeoutMs);
  if (code === 0) return stdout;
  throw new Error(
    `"${program} ${args.join(" ")}" ended with ${code}: ${
      `${stdout}${stderr}`.trim().slice(-2000)
    }`,
  );
}
