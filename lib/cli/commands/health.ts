import { callContext, type Invocation, wireServer } from "../command.ts";
import { explained } from "../explained.ts";
import { nearestName } from "../nearest_name.ts";
import type { Options } from "../options.ts";
import { printData } from "../output.ts";
import { UsageError } from "../usage_error.ts";
import { ExitCode } from "../../provisioning_error.ts";
import { fetchGoalState } from "../../wireserver/fetch_goal_state.ts";
import type { GoalState } from "../../wireserver/goal_state.ts";
import {
  buildHealthReport,
  buildHealthReportJson,
} from "../../wireserver/health_report.ts";
import { reportHealth } from "../../wireserver/report_health.ts";
import type { Health } from "../../wireserver/wireserver.ts";

/** The options that replace the goal state. */
type GoalStateOption = "incarnation" | "containerId" | "instanceId";

/** `health ready|not-ready`: builds and posts a health report. */
export async function run(
  invocation: Invocation<
    | GoalStateOption
    | "description"
    | "healthProtocol"
    | "dryRun"
    | "wireserver"
    | "agentName"
    | "timeoutMs"
  >,
): Promise<ExitCode> {
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
  await explained(
    reportHealth(
      wireserver,
      { health, goalState, protocol, refresh: given === undefined },
      context,
    ),
    wireserver,
  );
  return ExitCode.ok;
}

function healthOf(state: string, description: string | undefined): Health {
  if (state === "ready") {
    if (description !== undefined) {
      throw new UsageError(
        'The option "--description" only goes with "health not-ready"',
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

function givenGoalState(
  { incarnation, containerId, instanceId }: Readonly<
    Pick<Options, GoalStateOption>
  >,
): GoalState | undefined {
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
