/** How a program ended, and what it wrote. */
export interface ProgramResult {
  /** The exit status. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/** Options of {@linkcode runProgram} and {@linkcode startProgram}. */
export interface ProgramOptions {
  /** What it reads from standard input; nothing by default. */
  readonly stdin?: string;
  /** Its environment, beside what Deno itself needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that it may write, for `--state-dir`. */
  readonly writable?: string;
  /** Has its standard error in JOURNAL_STREAM, as systemd would. */
  readonly journal?: boolean;
  /** Runs without any network, so that no address has to be named. */
  readonly offline?: boolean;
}

/** The repository's root. */
export const ROOT: string = new URL("../..", import.meta.url).pathname;

/** The flags that choose where `@std` comes from, as `tools/dev` sets them. */
export const DENO_FLAGS: readonly string[] = (Deno.env.get("DENO_FLAGS") ?? "")
  .split(" ").filter((flag) => flag !== "");

/**
 * Refuses a command line that would send to the platform's real addresses: both
 * have to be named, and be 127.0.0.1.
 *
 * @param args The command line.
 * @throws {Error} If one is missing or another.
 */
export function refuseRealAddresses(args: readonly string[]): void {
  for (const option of ["--wireserver", "--imds"]) {
    const index = args.findIndex((arg) =>
      arg === option || arg.startsWith(`${option}=`)
    );
    const value = args[index]?.includes("=")
      ? args[index]!.slice(option.length + 1)
      : args[index + 1];
    if (index === -1 || !/^127\.0\.0\.1:[0-9]+$/.test(value ?? "")) {
      throw new Error(
        `Refusing to start the program: name ${option} 127.0.0.1:PORT, or run it in a namespace`,
      );
    }
  }
}

/** Some commands need root, even if they can reach and write no more than a test lets them. */
const AS_ROOT: readonly string[] = Deno.uid() === 0
  ? []
  : ["unshare", "--user", "--map-root-user"];

const AS_A_SERVICE =
  'export JOURNAL_STREAM="$(/usr/bin/stat -Lc %d:%i /proc/self/fd/2)"; exec "$0" "$@"';

/**
 * Starts the program from source, with permissions under which it can reach
 * 127.0.0.1 only, and neither rename nor change this machine.
 *
 * @param args Its command line.
 * @param options What it reads and may do.
 * @returns The process, with all streams piped.
 */
export function startProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Deno.ChildProcess {
  if (!options.offline) refuseRealAddresses(args);
  const home = Deno.env.get("HOME");
  const denoDir = Deno.env.get("DENO_DIR");
  const [program, ...start] = [
    ...AS_ROOT,
    ...(options.journal ? ["/bin/sh", "-c", AS_A_SERVICE] : []),
    Deno.execPath(),
  ];
  return new Deno.Command(program!, {
    cwd: ROOT,
    args: [
      ...start,
      "run",
      "--no-prompt",
      "--cached-only",
      ...DENO_FLAGS,
      "--allow-read",
      "--allow-env=JOURNAL_STREAM",
      "--allow-sys=hostname,statfs",
      ...(options.offline ? [] : ["--allow-net=127.0.0.1"]),
      ...(options.writable === undefined
        ? []
        : [`--allow-write=${options.writable}`]),
      "main.ts",
      ...args,
    ],
    clearEnv: true,
    env: {
      // Deno would ask its download host for a newer one.
      DENO_NO_UPDATE_CHECK: "1",
      ...(home === undefined ? {} : { HOME: home }),
      ...(denoDir === undefined ? {} : { DENO_DIR: denoDir }),
      ...(Deno.env.has("JSR_URL") ? { JSR_URL: Deno.env.get("JSR_URL")! } : {}),
      ...options.env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Runs the program from source to its end; see {@linkcode startProgram}.
 *
 * @param args Its command line.
 * @param options What it reads and may do.
 * @returns How it ended.
 */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return await finish(startProgram(args, options), options.stdin);
}

/**
 * Feeds a process and waits for its end.
 *
 * @param process A process with all streams piped.
 * @param stdin What it reads.
 * @returns How it ended.
 */
export async function finish(
  process: Deno.ChildProcess,
  stdin = "",
): Promise<ProgramResult> {
  const fed = feed(process, stdin);
  const output = await process.output();
  await fed;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** A program may end without having read its input. */
async function feed(process: Deno.ChildProcess, stdin: string): Promise<void> {
  const writer = process.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(stdin));
    await writer.close();
  } catch {
    // It closed its end.
  }
}
