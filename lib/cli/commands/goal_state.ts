import {
  callContext,
  explained,
  type Invocation,
  timeoutMs,
  wireServer,
} from "../command.ts";
import type { CallContext } from "../../http/retry.ts";
import { print, printData, UsageError } from "../output.ts";
import {
  ExitCode,
  messageOf,
  ProvisioningError,
} from "../../provisioning_error.ts";
import {
  fetchGoalState,
  fetchGoalStateText,
} from "../../wireserver/fetch_goal_state.ts";
import {
  type GoalState,
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "../../wireserver/goal_state.ts";
import type { WireServer } from "../../wireserver/wireserver.ts";

/**
 * `goal-state [FILE|-]`: prints the goal state's ids.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { json, raw } = invocation.options;
  if (json && raw) {
    throw new UsageError('The options "--json" and "--raw" exclude each other');
  }
  const [file] = invocation.positionals;
  if (raw) {
    printData(
      file === undefined
        ? await fetchWith(fetchGoalStateText, invocation)
        : await readText(file, invocation),
    );
    return ExitCode.ok;
  }
  const goalState = file === undefined
    ? await fetchWith(fetchGoalState, invocation)
    : parseFile(file, await readText(file, invocation));
  print(json ? `${JSON.stringify(goalState)}\n` : format(goalState));
  return ExitCode.ok;
}

function fetchWith<T>(
  fetch: (wireserver: WireServer, context: CallContext) => Promise<T>,
  invocation: Invocation,
): Promise<T> {
  const wireserver = wireServer(invocation);
  return explained(fetch(wireserver, callContext(invocation)), wireserver);
}

function format(goalState: GoalState): string {
  return `ContainerId: ${goalState.containerId}
InstanceId: ${goalState.instanceId}
Incarnation: ${goalState.incarnation}
`;
}

function parseFile(file: string, text: string): GoalState {
  try {
    return parseGoalState(text);
  } catch (error) {
    if (!(error instanceof GoalStateError)) throw error;
    throw new ProvisioningError(`Cannot use "${file}": ${error.message}`, {
      key: error.key,
      exitCode: ExitCode.badData,
      cause: error,
    });
  }
}

async function readText(
  file: string,
  invocation: Invocation,
): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await inTime(readBytes(file), file, invocation);
  } catch (error) {
    invocation.signal.throwIfAborted();
    if (error instanceof ProvisioningError) throw error;
    throw new ProvisioningError(`Cannot read "${file}": ${messageOf(error)}`, {
      key: "file_unreadable",
      exitCode: ExitCode.io,
      cause: error,
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    throw new ProvisioningError(`Cannot use "${file}": it is not UTF-8`, {
      key: "goal_state_invalid",
      exitCode: ExitCode.badData,
    });
  }
}

/** A pipe may never end. */
async function inTime<T>(
  work: Promise<T>,
  file: string,
  invocation: Invocation,
): Promise<T> {
  const { clock, signal } = invocation;
  const done = new AbortController();
  const ends = AbortSignal.any([signal, done.signal]);
  const limit = clock.sleep(timeoutMs(invocation), ends).then(() => {
    throw new ProvisioningError(
      `Cannot read "${file}": it did not end in time`,
      { key: "file_unreadable", exitCode: ExitCode.io },
    );
  });
  work.catch(() => {});
  limit.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}

/** Opening a named pipe would hold up the whole program, signals and all. */
async function open(file: string): Promise<Deno.FsFile> {
  if (!(await Deno.stat(file)).isFile) {
    throw new Error(
      'It is not a file; give "-" to read a pipe from standard input',
    );
  }
  return await Deno.open(file);
}

/** Stops a byte past the limit, so that an endless file is refused and not read. */
async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_GOAL_STATE_BYTES + 1);
  let length = 0;
  const source = file === "-" ? Deno.stdin : await open(file);
  try {
    while (length < bytes.length) {
      const count = await source.read(bytes.subarray(length));
      if (count === null) break;
      length += count;
    }
  } finally {
    if (source !== Deno.stdin) source.close();
  }
  if (length > MAX_GOAL_STATE_BYTES) {
    throw new ProvisioningError(
      `Cannot use "${file}": it is over ${MAX_GOAL_STATE_BYTES} bytes`,
      { key: "goal_state_invalid", exitCode: ExitCode.badData },
    );
  }
  return bytes.subarray(0, length);
}
