import type { Invocation } from "./command.ts";
import { type CommandLine, readCommandLine } from "./command_line.ts";
import { configPathOf } from "./config_path.ts";
import { DEFAULT_OPTIONS } from "./options.ts";
import { print } from "./output.ts";
import { createProgramLog, logFormatIn } from "./program_log.ts";
import { requireRoot } from "./require_root.ts";
import { catchStopSignals } from "./stop_signals.ts";
import { UsageError } from "./usage_error.ts";
import { systemClock } from "../clock.ts";
import { giveUpHostPlugin } from "../host/host_plugin_port.ts";
import type { Log } from "../log/create_log.ts";
import {
  asProvisioningError,
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../provisioning_error.ts";
import { noteBeginning } from "../state/beginning.ts";
import { PROGRAM_NAME } from "../version.ts";

/** Whether V8 accepted the code cache of the compiled program, or there is none. */
export type CodeCache = "taken" | "rejected" | "absent";

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** What became of the code cache; omitted if the program is not compiled. */
  readonly codeCache?: CodeCache | undefined;
}

/**
 * Runs the program. Every failure ends as one line on standard error.
 *
 * @param args The command line.
 * @returns The exit status.
 */
export async function run(
  args: readonly string[],
  { codeCache }: RunOptions = {},
): Promise<number> {
  const warning = noteBeginning();
  let line: CommandLine;
  try {
    line = await readCommandLine(args);
  } catch (error) {
    const { logLevel, logFormat } = DEFAULT_OPTIONS;
    const log = createProgramLog({
      logLevel,
      logFormat: logFormatIn(args) ?? logFormat,
    });
    return fail(error, log);
  }
  if (line.options.help || line.options.version) return await inform(line);
  return await runCommand(line, { codeCache, warning });
}

async function inform(line: CommandLine): Promise<number> {
  const { command, named, options } = line;
  try {
    if (options.help) {
      const { commandHelp, programHelp } = await import("./with_arguments.ts");
      print(named ? await commandHelp(command) : programHelp());
    } else {
      // A module of its own: it resolves modules, which a script cannot do.
      print((await import("./versions.ts")).versions());
    }
    return ExitCode.ok;
  } catch (error) {
    return fail(error, createProgramLog(options));
  }
}

async function runCommand(
  line: CommandLine,
  { codeCache, warning }: RunOptions & { readonly warning: string | undefined },
): Promise<number> {
  const { command, positionals } = line;
  if (!command.listens) giveUpHostPlugin();
  let log = createProgramLog(line.options);
  using stop = catchStopSignals();
  try {
    // What a command would only print changes nothing.
    if (command.needsRoot && !line.options.dryRun) {
      requireRoot(command.name, line.options.stateDir);
    }
    const { options, problem } = await configured(line);
    log = createProgramLog(options);
    if (warning !== undefined) log.warn(warning);
    if (codeCache !== undefined) log.debug(CODE_CACHE_LINES[codeCache]);
    return await command.run({
      positionals,
      options,
      problem,
      log,
      clock: systemClock,
      signal: stop.signal,
    });
  } catch (error) {
    if (stop.caught === undefined) return fail(error, log);
    log.error(
      `Stopped by ${stop.caught.name} before "${command.name}" was done`,
    );
    return stop.caught.exitCode;
  }
}

/**
 * If an image's configuration file is wrong, its VMs must still report that. A file that
 * the command line names was typed by somebody, who is told at once.
 */
async function configured(
  line: CommandLine,
): Promise<Pick<Invocation, "options" | "problem">> {
  if (configPathOf(line) === undefined) return { options: line.options };
  try {
    const { withConfigFile } = await import("./with_arguments.ts");
    return { options: withConfigFile(line) };
  } catch (error) {
    const isNamed = line.given.config !== undefined;
    if (isNamed || !line.command.reportsProblem) throw error;
    return { options: line.options, problem: asProvisioningError(error) };
  }
}

const CODE_CACHE_LINES: Readonly<Record<CodeCache, string>> = {
  taken: "V8 took the code cache",
  rejected:
    "V8 rejected the code cache, so it compiled the program: the start took longer",
  absent:
    "The program has no code cache, so V8 compiled it: the start took longer",
};

function fail(error: unknown, log: Log): ExitCode {
  if (error instanceof UsageError) {
    log.error(`${error.message} (see "${PROGRAM_NAME} --help")`);
    return ExitCode.usage;
  }
  if (error instanceof ProvisioningError) {
    log.error(error.message);
    return error.exitCode;
  }
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
