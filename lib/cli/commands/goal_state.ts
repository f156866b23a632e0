import {
  callContext,
  type Invocation,
  timeoutMs,
  wireServer,
} from "../command.ts";
import { explained } from "../explained.ts";
import { print, printData } from "../output.ts";
import { UsageError } from "../usage_error.ts";
import { fileProblem } from "../../files/file_problem.ts";
import { readBounded, readStreamBounded } from "../../files/read_bounded.ts";
import type { CallContext } from "../../http/retry.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
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

/** `goal-state [FILE|-]`: prints the goal state's ids. */
export async function run(
  invocation: Invocation<
    "json" | "raw" | "wireserver" | "agentName" | "timeoutMs"
  >,
): Promise<ExitCode> {
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
  invocation: Invocation<"wireserver" | "agentName" | "timeoutMs">,
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

/** What limits the time of reading standard input. */
type InputContext = Pick<
  Invocation<"timeoutMs">,
  "options" | "clock" | "signal"
>;

async function readText(file: string, context: InputContext): Promise<string> {
  const bytes = await readBytes(file, context);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    throw unusable(file, "it is not UTF-8");
  }
}

async function readBytes(
  file: string,
  context: InputContext,
): Promise<Uint8Array> {
  try {
    if (file === "-") return await readInput(context);
    if (!(await Deno.stat(file)).isFile) {
      throw new Error(
        'It is not a file; use "-" to read a pipe from standard input',
      );
    }
    return readBounded(file, MAX_GOAL_STATE_BYTES);
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof TypeError) throw unusable(file, error.message);
    throw new ProvisioningError(
      `Cannot read "${file}": ${fileProblem(error)}`,
      { key: "file_unreadable", exitCode: ExitCode.io, cause: error },
    );
  }
}

/** Standard input may never end. */
async function readInput(
  context: InputContext,
): Promise<Uint8Array> {
  const { clock, signal } = context;
  const done = new AbortController();
  const work = readStreamBounded(Deno.stdin, MAX_GOAL_STATE_BYTES);
  const limit = clock.sleep(
    timeoutMs(context),
    AbortSignal.any([signal, done.signal]),
  ).then(() => {
    throw new Error("it did not end in time");
  });
  work.catch(() => {});
  limit.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}

function unusable(file: string, problem: string): ProvisioningError {
  return new ProvisioningError(`Cannot use "${file}": ${problem}`, {
    key: "goal_state_invalid",
    exitCode: ExitCode.badData,
  });
}
