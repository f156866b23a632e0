import type { Api } from "./api.ts";
import { goalStateWithoutRoleXml } from "./goal_state.ts";
import {
  asksForNewMetadata,
  OLD_API_VERSION,
  unknownVersionReply,
} from "./imds.ts";
import {
  emptyReply,
  htmlReply,
  type Reply,
  withHeaders,
  xmlReply,
} from "./reply.ts";
import type { PlatformState } from "./state.ts";
import { type Target, TARGETS } from "./target.ts";

/** How an answer goes out on the connection. */
export type Delivery = "whole" | "hang" | "reset" | "truncated" | "slow";

/** What a kind of fault does, and when. */
export interface FaultKind {
  /** The requests it makes sense for; a fault of listening is about their services. */
  readonly targets: readonly Target[];
  /** What the number after "=" counts, "none" when there may not be one. */
  readonly number: "none" | "tries" | "seconds";
  /** A fault of listening: the service opens after the number of seconds, or never without one. */
  readonly listening?: true;
  /** The requests it is played on, all of its targets by default. */
  readonly plays?: (target: string) => boolean;
  /** The answer in place of the true one. */
  readonly reply?: (api: Api, state: PlatformState) => Reply;
  /** How the answer goes out, whole by default. */
  readonly delivery?: Delivery;
  /** What changes on the platform right after the answer. */
  readonly after?: (state: PlatformState) => void;
}

/** The targets whose answers have a body. */
const WITH_BODY: readonly Target[] = ["goal-state", "metadata"];

/** Every fault that has a name of its own. */
const FAULTS: ReadonlyMap<string, FaultKind> = new Map<string, FaultKind>([
  ["refuse", { targets: TARGETS, number: "none", listening: true }],
  ["late-start", { targets: TARGETS, number: "seconds", listening: true }],
  ["hang", { targets: TARGETS, number: "tries", delivery: "hang" }],
  ["reset", { targets: TARGETS, number: "tries", delivery: "reset" }],
  ["truncated", { targets: WITH_BODY, number: "tries", delivery: "truncated" }],
  ["slow", { targets: WITH_BODY, number: "tries", delivery: "slow" }],
  ["html", { targets: TARGETS, number: "tries", reply: () => htmlReply(200) }],
  ["empty-body", {
    targets: WITH_BODY,
    number: "tries",
    reply: () => emptyReply(200),
  }],
  ["moving-incarnation", {
    targets: ["goal-state"],
    number: "tries",
    after: moveIncarnation,
  }],
  ["no-role-instance", {
    targets: ["goal-state"],
    number: "tries",
    reply: replyWithoutRole,
  }],
  ["old-metadata", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForNewMetadata,
    reply: () => unknownVersionReply(OLD_API_VERSION),
  }],
]);

/** The names of the faults; beside these, every HTTP status from 300 to 599 is one. */
export const FAULT_NAMES: readonly string[] = [...FAULTS.keys()];

/** The kind of fault that has the given name or HTTP status; undefined for an unknown one. */
export function findFaultKind(name: string): FaultKind | undefined {
  if (/^[345]\d\d$/.test(name)) return statusFault(Number(name));
  return FAULTS.get(name);
}

function statusFault(status: number): FaultKind {
  return {
    targets: TARGETS,
    number: "tries",
    reply: (api) => statusReply(api, status),
  };
}

function statusReply(api: Api, status: number): Reply {
  if (status === 304) return emptyReply(status);
  const reply = api.errorReply(status);
  if (status < 400) return withHeaders(reply, { Location: "/redirected" });
  return status === 429 || status === 503
    ? withHeaders(reply, { "Retry-After": "1" })
    : reply;
}

function replyWithoutRole(_api: Api, state: PlatformState): Reply {
  return xmlReply(200, goalStateWithoutRoleXml(state));
}

function moveIncarnation(state: PlatformState): void {
  state.incarnation++;
}
