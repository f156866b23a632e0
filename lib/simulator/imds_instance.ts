import type { Answer, PlatformState } from "./api.ts";
import { badRequest } from "./imds_request.ts";
import { instanceMetadata } from "./metadata.ts";
import { quote, Refusal } from "./refusal.ts";
import { jsonReply, typedReply } from "./reply.ts";

/** What of the instance a request asks for, once it is known to be valid. */
export interface InstanceRequest {
  /** The keys and indexes to walk down, from the root. */
  readonly steps: readonly string[];
  readonly version: string;
  readonly isExtended: boolean;
  readonly format: string;
}

/**
 * Walks down the instance metadata: any node but a leaf is JSON, a leaf is text, and only if
 * the request says so.
 *
 * @throws {Refusal} If there is nothing, or it cannot have that format.
 */
export function answerInstance(
  { steps, version, isExtended, format }: InstanceRequest,
  state: PlatformState,
): Answer {
  // Only what the platform sends on: JSON has no members that are undefined.
  let node: unknown = JSON.parse(
    JSON.stringify(instanceMetadata(state, version, isExtended)),
  );
  for (const step of steps) {
    const next = childOf(node, step);
    if (next === undefined) {
      throw new Refusal(
        404,
        `The metadata of version "${version}" have nothing at ${
          quote(steps.join("/"))
        }`,
      );
    }
    node = next;
  }
  const isLeaf = typeof node !== "object" || node === null;
  const wanted = isLeaf ? "text" : "json";
  if (format !== wanted) {
    throw badRequest(
      `Parameter "format" is ${quote(format)}, not ${quote(wanted)}`,
      "Bad request. Format is not available for this path",
    );
  }
  return {
    reply: isLeaf
      ? typedReply(200, "text/plain; charset=utf-8", String(node))
      : jsonReply(200, node),
  };
}

function childOf(node: unknown, step: string): unknown {
  if (Array.isArray(node)) {
    return /^(?:0|[1-9]\d{0,8})$/.test(step) ? node[Number(step)] : undefined;
  }
  return typeof node === "object" && node !== null && Object.hasOwn(node, step)
    ? (node as Readonly<Record<string, unknown>>)[step]
    : undefined;
}
