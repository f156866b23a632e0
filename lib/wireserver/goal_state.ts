import type { XmlElement } from "@std/xml/types";
import { messageOf } from "../provisioning_error.ts";
import { isPrintableAscii, shorten } from "../shorten.ts";
import { parseXml, textOf } from "../xml/parse_xml.ts";

/** The ids that a health report needs. */
export interface GoalState {
  /** The version of the goal state. A report for another one is refused. */
  readonly incarnation: string;
  /** The container that holds the VM. */
  readonly containerId: string;
  /** The id of the first role instance, which is the VM. */
  readonly instanceId: string;
}

/** The largest goal state that is read, in bytes. Real ones have a few thousand. */
export const MAX_GOAL_STATE_BYTES = 1024 * 1024;

/**
 * Characters that no id may hold: in a log they could pass for something else, and some
 * cannot be part of a report.
 */
const UNPRINTABLE_REGEXP = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;

/** Why a goal state cannot be used. */
export class GoalStateError extends Error {
  override readonly name = "GoalStateError";
  /** The stable key of the reason. */
  readonly key: "goal_state_invalid" | "goal_state_no_role_instance";

  constructor(
    message: string,
    options: { key?: GoalStateError["key"] } & ErrorOptions = {},
  ) {
    super(message, options);
    this.key = options.key ?? "goal_state_invalid";
  }
}

/**
 * Parses a goal state, as WireServer sends it.
 *
 * Accepts what platforms send: namespaces, CDATA, comments, a byte order mark, blanks
 * around values, unknown elements, and several role instances, of which the first is the
 * VM. An element counts only in its own place, whatever else has the same name.
 *
 * @throws {GoalStateError} If it is over 1 MiB, not well-formed, has a DOCTYPE, has too
 * many tags, is nested too deeply, or lacks one of the ids.
 */
export function parseGoalState(xml: string): GoalState {
  if (xml.length > MAX_GOAL_STATE_BYTES) {
    throw new GoalStateError(
      `The goal state is over ${MAX_GOAL_STATE_BYTES} bytes`,
    );
  }
  const root = parseDocument(xml);
  if (root.name.local !== "GoalState") {
    throw new GoalStateError(
      `The goal state is a "${
        shorten(root.name.local)
      }" document in place of "GoalState"`,
    );
  }
  const incarnation = requireText(root, "Incarnation", "GoalState");
  const container = child(root, "Container");
  if (container === undefined) throw missing("ContainerId", "GoalState");
  const containerId = requireText(container, "ContainerId", "Container");
  const roleInstances = child(container, "RoleInstanceList");
  const roleInstance = roleInstances && child(roleInstances, "RoleInstance");
  if (roleInstance === undefined) {
    throw new GoalStateError(
      "The goal state has no RoleInstance and so no InstanceId",
      { key: "goal_state_no_role_instance" },
    );
  }
  const instanceId = requireText(roleInstance, "InstanceId", "RoleInstance");
  return { incarnation, containerId, instanceId };
}

function parseDocument(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch (error) {
    throw new GoalStateError(
      `The goal state cannot be parsed: ${shorten(messageOf(error), 300)}`,
      { cause: error },
    );
  }
}

function child(parent: XmlElement, local: string): XmlElement | undefined {
  for (const node of parent.children) {
    if (node.type === "element" && node.name.local === local) return node;
  }
  return undefined;
}

function requireText(
  parent: XmlElement,
  local: string,
  parentName: string,
): string {
  const element = child(parent, local);
  if (element === undefined) throw missing(local, parentName);
  const text = textOf(element);
  if (!isPrintableAscii(text) && UNPRINTABLE_REGEXP.test(text)) {
    throw new GoalStateError(
      `The goal state has a control character in its ${local}`,
    );
  }
  if (text === "") {
    throw new GoalStateError(
      `The goal state has an empty ${local} in its ${parentName}`,
    );
  }
  return text;
}

function missing(local: string, parentName: string): GoalStateError {
  return new GoalStateError(
    `The goal state has no ${local} in its ${parentName}`,
  );
}
