import type { Invocation } from "./command.ts";
import { withConfigFile } from "./config_file.ts";
import { DEFAULT_OPTIONS, type Options } from "./options.ts";
import { print, UsageError, writeLogLine } from "./output.ts";
import { type CommandLine, parseCommandLine } from "./parse_command_line.ts";
import { catchStopSignals } from "./stop_signals.ts";
import { systemClock } from "../clock.ts";
import { createLog, type Log } from "../log/create_log.ts";
import {
  asProvisioningError,
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";
import { PROGRAM_NAME } from "../version.ts";

/** What V8 made of the code cache in the compiled program. */
export type CodeCache = "taken" | "rejected" | "absent";

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** Set by the compiled program; there is no code cache when the source is run. */
  readonly codeCache?: CodeCache | undefined;
}

const CODE_CACHE_LINES: Readonly<Record<CodeCache, string>> = {
  taken: "V8 took the code cache",
  rejected:
    "V8 rejected the code cache and compiled the program: the start took longer",
  absent:
    "The program has no code cache, so V8 compiled it: the start took longer",
};

/**
 * Runs the program; every failure ends as one line on standard error.
 *
 * @param args The command line.
 * @param options How the program was started.
 * @returns The exit status.
 */
export async function run(
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    const { wantedLogFormat } = await import("./output.ts");
    const logFormat = wantedLogFormat(args) ?? DEFAULT_OPTIONS.logFormat;
    const log = createProgramLog({ ...DEFAULT_OPTIONS, logFormat });
    if (!(error instanceof UsageError)) return unexpected(error, log);
    log.error(`${error.message} (see "${PROGRAM_NAME} --help")`);
    return ExitCode.usage;
  }
  return await runCommand(line, options);
}

async function runCommand(
  line: CommandLine,
  { codeCache }: RunOptions,
): Promise<number> {
  const { command, named, positionals } = line;
  let log = createProgramLog(line.options);
  using stop = catchStopSignals();
  try {
    // A first boot loads neither.
    if (line.options.help) {
      const { commandHelp, programHelp } = await import("./help.ts");
      print(named ? commandHelp(command) : programHelp());
      return ExitCode.ok;
    }
    if (line.options.version) {
      const { versions } = await import("./versions.ts");
      print(versions());
      return ExitCode.ok;
    }
    const { options, problem } = configured(line);
    log = createProgramLog(options);
    if (codeCache !== undefined) log.debug(CODE_CACHE_LINES[codeCache]);
    const { run } = await command.load();
    return await run({
      positionals,
      options,
      problem,
      log,
      clock: systemClock,
      signal: stop.signal,
    });
  } catch (error) {
    if (stop.caught !== undefined) {
      log.error(
        `Stopped by ${stop.caught.name} before "${command.name}" was done`,
      );
      return stop.caught.exitCode;
    }
    if (error instanceof UsageError) {
      log.error(`${error.message} (see "${PROGRAM_NAME} --help")`);
      return ExitCode.usage;
    }
    if (!(error instanceof ProvisioningError)) return unexpected(error, log);
    log.error(error.message);
    return error.exitCode;
  }
}

/** A VM whose image has a wrong file must not be silent: the platform gets to know why. */
function configured(
  line: CommandLine,
): Pick<Invocation, "options" | "problem"> {
  try {
    return { options: withConfigFile(line) };
  } catch (error) {
    if (!line.command.reportsProblem) throw error;
    return { options: line.options, problem: asProvisioningError(error) };
  }
}

function createProgramLog(options: Readonly<Options>): Log {
  return createLog({
    level: options.logLevel,
    format: options.logFormat,
    journal: isJournal(),
    write: writeLogLine,
  });
}

/**
 * Whether the journal reads standard error: a program that a service starts inherits
 * the variable, but not always the stream that it names (systemd.exec(5)).
 */
function isJournal(): boolean {
  let stream: string | undefined;
  try {
    stream = Deno.env.get("JOURNAL_STREAM");
    if (stream === undefined || Deno.stderr.isTerminal()) return false;
    const { dev, ino } = Deno.statSync("/proc/self/fd/2");
    return stream === `${dev}:${ino}`;
  } catch {
    // Without /proc, the variable is all that tells.
    return stream !== undefined;
  }
}

function unexpected(error: unknown, log: Log): ExitCode {
  log.error(
    `Internal error: ${
      messageOf(error)
    }; please report it with the log of --log-level debug`,
  );
  if (error instanceof Error && error.stack !== undefined) {
    log.debug(error.stack);
  }
  return ExitCode.internal;
}
