import { AGENT_FAULTS } from "./agent_faults.ts";
import type { Api } from "./api.ts";
import { BODY_FAULTS } from "./body_faults.ts";
import type { FaultKind, NamedFault } from "./fault_kind.ts";
import { goalStateWithoutRoleXml } from "./goal_state.ts";
import { asksForNewMetadata } from "./imds.ts";
import { OLD_API_VERSION, unknownVersionReply } from "./imds_versions.ts";
import { emptyReply, type Reply, withHeaders, xmlReply } from "./reply.ts";
import { half, slowly } from "./steps.ts";
import { TARGETS, WITH_BODY } from "./targets.ts";
import { TRANSPORT_FAULTS } from "./transport_faults.ts";
import { VALUE_FAULTS } from "./value_faults.ts";

/** Every fault that has a name. The help and the documentation are made from this. */
export const FAULTS: readonly NamedFault[] = [
  {
    name: "refuse",
    summary: "nobody listens",
    targets: TARGETS,
    number: "none",
    listening: true,
  },
  {
    name: "late-start",
    summary: "nobody listens for the first seconds",
    targets: TARGETS,
    number: "seconds",
    listening: true,
  },
  {
    name: "hang",
    summary: "the request is read, and never answered",
    targets: TARGETS,
    delivery: "hang",
  },
  {
    name: "reset",
    summary: "the connection is reset",
    targets: TARGETS,
    delivery: "reset",
  },
  {
    name: "truncated",
    summary: "half the body under its full length",
    targets: WITH_BODY,
    delivery: half,
    closes: true,
  },
  {
    name: "slow",
    summary: "the body in 20 pieces, 100 ms apart",
    targets: WITH_BODY,
    delivery: slowly,
  },
  {
    name: "moving-incarnation",
    summary: "the incarnation goes up after each answer",
    targets: ["goal-state"],
    after: (state) => state.incarnation++,
  },
  {
    name: "no-role-instance",
    summary: "no role instance, and so no instance id",
    targets: ["goal-state"],
    reply: ({ state }) => xmlReply(200, goalStateWithoutRoleXml(state)),
  },
  {
    name: "old-metadata",
    summary: `no version after ${OLD_API_VERSION}, as on Azure Stack`,
    targets: ["metadata"],
    plays: asksForNewMetadata,
    reply: () => unknownVersionReply(OLD_API_VERSION),
  },
  ...AGENT_FAULTS,
  ...TRANSPORT_FAULTS,
  ...BODY_FAULTS,
  ...VALUE_FAULTS,
];

const BY_NAME: ReadonlyMap<string, FaultKind> = new Map(
  FAULTS.map((fault) => [fault.name, fault]),
);

/** The names of the faults. Every HTTP status from 300 to 599 is a fault as well. */
export const FAULT_NAMES: readonly string[] = [...BY_NAME.keys()];

/** Finds a fault by its name or HTTP status; undefined if there is none. */
export function findFaultKind(name: string): FaultKind | undefined {
  if (!/^[345]\d\d$/.test(name)) return BY_NAME.get(name);
  return {
    targets: TARGETS,
    reply: ({ api }) => statusReply(api, Number(name)),
  };
}

/** How a service answers with an HTTP status. */
export function statusReply(api: Api, status: number): Reply {
  if (status === 304) return emptyReply(status);
  const reply = api.errorReply(status);
  if (status < 400) return withHeaders(reply, { Location: "/redirected" });
  return status === 429 || status === 503
    ? withHeaders(reply, { "Retry-After": "1" })
    : reply;
}
