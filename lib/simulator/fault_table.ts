import { type Api, TARGETS } from "./api.ts";
import { BODY_FAULTS } from "./body_faults.ts";
import { type FaultKind, WITH_BODY } from "./fault_kind.ts";
import { goalStateWithoutRoleXml } from "./goal_state.ts";
import {
  asksForNewMetadata,
  OLD_API_VERSION,
  unknownVersionReply,
} from "./imds.ts";
import { emptyReply, type Reply, withHeaders, xmlReply } from "./reply.ts";
import { half, slowly } from "./steps.ts";
import { TRANSPORT_FAULTS } from "./transport_faults.ts";
import { VALUE_FAULTS } from "./value_faults.ts";

/** Every fault that has a name of its own. */
const FAULTS: ReadonlyMap<string, FaultKind> = new Map<string, FaultKind>([
  ["refuse", { targets: TARGETS, number: "none", listening: true }],
  ["late-start", { targets: TARGETS, number: "seconds", listening: true }],
  ["hang", { targets: TARGETS, number: "tries", delivery: "hang" }],
  ["reset", { targets: TARGETS, number: "tries", delivery: "reset" }],
  ["truncated", {
    targets: WITH_BODY,
    number: "tries",
    delivery: half,
    closes: true,
  }],
  ["slow", { targets: WITH_BODY, number: "tries", delivery: slowly }],
  ["moving-incarnation", {
    targets: ["goal-state"],
    number: "tries",
    after: (state) => state.incarnation++,
  }],
  ["no-role-instance", {
    targets: ["goal-state"],
    number: "tries",
    reply: ({ state }) => xmlReply(200, goalStateWithoutRoleXml(state)),
  }],
  ["old-metadata", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForNewMetadata,
    reply: () => unknownVersionReply(OLD_API_VERSION),
  }],
  ...TRANSPORT_FAULTS,
  ...BODY_FAULTS,
  ...VALUE_FAULTS,
]);

/** The names of the faults; beside these, every HTTP status from 300 to 599 is one. */
export const FAULT_NAMES: readonly string[] = [...FAULTS.keys()];

/** The kind of fault that has the given name or HTTP status; undefined for an unknown one. */
export function findFaultKind(name: string): FaultKind | undefined {
  if (/^[345]\d\d$/.test(name)) return statusFault(Number(name));
  return FAULTS.get(name);
}

/** The fault that answers an HTTP status. */
export function statusFault(status: number): FaultKind {
  return {
    targets: TARGETS,
    number: "tries",
    reply: ({ api }) => statusReply(api, status),
  };
}

/** How a service answers an HTTP status. */
export function statusReply(api: Api, status: number): Reply {
  if (status === 304) return emptyReply(status);
  const reply = api.errorReply(status);
  if (status < 400) return withHeaders(reply, { Location: "/redirected" });
  return status === 429 || status === 503
    ? withHeaders(reply, { "Retry-After": "1" })
    : reply;
}
