import {
  callContext,
  explained,
  type Invocation,
  wireServer,
} from "../command.ts";
import { nearestName } from "../nearest_name.ts";
import type { Options } from "../options.ts";
import { printData, UsageError } from "../output.ts";
import { ExitCode } from "../../provisioning_error.ts";
import { fetchGoalState } from "../../wireserver/fetch_goal_state.ts";
import type { GoalState } from "../../wireserver/goal_state.ts";
import {
  buildHealthReport,
  buildHealthReportJson,
} from "../../wireserver/health_report.ts";
import { reportHealth } from "../../wireserver/report_health.ts";
import type { Health } from "../../wireserver/wireserver.ts";

/**
 * `health ready|not-ready`: builds and posts a health report.
 *
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, positionals } = invocation;
  const health = healthOf(positionals[0]!, options.description);
  const given = givenGoalState(options);
  const wireserver = wireServer(invocation);
  const context = callContext(invocation);
  const protocol = options.healthProtocol;
  const goalState = protocol === "json" ? undefined : given ??
    await explained(fetchGoalState(wireserver, context), wireserver);
  if (options.dryRun) {
    const report = goalState === undefined
      ? buildHealthReportJson(health)
      : buildHealthReport(goalState, health);
    printData(`${report}\n`);
    return ExitCode.ok;
  }
  await reportHealth(
    wireserver,
    { health, goalState, protocol, refresh: given === undefined },
    context,
  );
  return ExitCode.ok;
}

function healthOf(state: string, description: string | undefined): Health {
  if (state === "ready") {
    if (description !== undefined) {
      throw new UsageError(
        'The option "--description" goes with "health not-ready" only',
      );
    }
    return { state: "Ready" };
  }
  if (state !== "not-ready") {
    const nearest = nearestName(state, ["ready", "not-ready"]);
    throw new UsageError(
      `Unknown health "${state}"; did you mean "${nearest ?? "ready"}"?`,
    );
  }
  if (description === undefined) {
    throw new UsageError(
      '"health not-ready" needs the option "--description TEXT"',
    );
  }
  return { state: "NotReady", description };
}

function givenGoalState(options: Readonly<Options>): GoalState | undefined {
  const { incarnation, containerId, instanceId } = options;
  if (
    incarnation !== undefined && containerId !== undefined &&
    instanceId !== undefined
  ) {
    return { incarnation, containerId, instanceId };
  }
  if (incarnation ?? containerId ?? instanceId) {
    throw new UsageError(
      'The options "--incarnation", "--container-id" and "--instance-id" go together',
    );
  }
  return undefined;
}
