import type { FaultContext, NamedFault } from "./fault_kind.ts";
import { asksForInstance } from "./imds.ts";
import {
  emptyReply,
  htmlReply,
  jsonReply,
  type Reply,
  xmlReply,
} from "./reply.ts";
import { TARGETS, WITH_BODY, WITH_VALUES } from "./targets.ts";

const HUGE = 2 * 1024 * 1024;
const ELEMENT_DEPTH = 100_000 / "<a></a>".length;
const ARRAY_DEPTH = 100_000 / "[]".length;
const BOMB_LEVELS = 9;

/** The faults of a whole body. */
export const BODY_FAULTS: readonly NamedFault[] = [
  {
    name: "html",
    summary: "a page of HTML, with the status 200",
    targets: TARGETS,
    reply: () => htmlReply(200),
  },
  {
    name: "empty-body",
    summary: "no body, with the status 200",
    targets: WITH_BODY,
    reply: () => emptyReply(200),
  },
  {
    name: "wrong-type",
    summary: "JSON in place of XML, or XML in place of JSON",
    targets: WITH_BODY,
    reply: wrongType,
  },
  {
    name: "bare",
    summary: "metadata with an empty compute",
    targets: ["metadata"],
    plays: asksForInstance,
    reply: () => jsonReply(200, { compute: {} }),
  },
  {
    name: "nested",
    summary: "100 KB of nested elements or arrays before the values",
    targets: WITH_VALUES,
    plays: notForLeaf,
    reply: nested,
  },
  {
    name: "huge",
    summary: "2 MB more in the body",
    targets: WITH_VALUES,
    plays: notForLeaf,
    reply: huge,
  },
  {
    name: "entity-bomb",
    summary: "ids made of entities that expand to gigabytes",
    targets: ["goal-state"],
    reply: entityBomb,
  },
];

function notForLeaf(target: string): boolean {
  return !target.startsWith("/metadata/") || asksForInstance(target);
}

/** JSON for XML, or XML for JSON and text. */
function wrongType({ reply, state }: FaultContext): Reply {
  const { incarnation, containerId, instanceId } = state;
  return reply.headers["Content-Type"]?.startsWith("text/xml")
    ? jsonReply(200, {
      GoalState: {
        Incarnation: incarnation,
        ContainerId: containerId,
        InstanceId: instanceId,
      },
    })
    : xmlReply(
      200,
      `<?xml version="1.0" encoding="utf-8"?><Instance><compute><name>simulated</name></compute></Instance>`,
    );
}

/** A member of every version of the metadata. */
const A_MEMBER = '"location"';

/** 100,000 bytes of nested elements or arrays before the values. */
function nested({ kind, reply }: FaultContext): Reply {
  if (kind === "goal-state") {
    const elements = pairs("<a>", "</a>", Math.ceil(ELEMENT_DEPTH));
    return inserted(reply, "<Container>", elements);
  }
  const arrays = `"nested":${pairs("[", "]", ARRAY_DEPTH)},`;
  return inserted(reply, A_MEMBER, arrays);
}

/** Two megabytes more: a comment of blanks, or user data, which old versions do not have. */
function huge({ kind, reply }: FaultContext): Reply {
  if (kind === "goal-state") {
    return inserted(reply, "<Container>", `<!--${" ".repeat(HUGE)}-->`);
  }
  const userData = `"userData":"${"QUFB".repeat(HUGE / 4)}"`;
  const spoilt = replaced(reply, /"userData":"[^"]*"/, userData);
  return spoilt.body.length > HUGE
    ? spoilt
    : inserted(reply, A_MEMBER, `${userData},`);
}

/** Ids with an entity that expands to a billion words. */
function entityBomb({ reply }: FaultContext): Reply {
  const levels = Array.from(
    { length: BOMB_LEVELS },
    (_, level) => `<!ENTITY lol${level + 1} "${`&lol${level};`.repeat(10)}">`,
  );
  const doctype = `<!DOCTYPE GoalState [<!ENTITY lol0 "lol">${
    levels.join("")
  }]>`;
  const text = decode(inserted(reply, "<GoalState ", doctype));
  return xmlReply(
    reply.status,
    text.replaceAll(
      /(<(?:ContainerId|InstanceId)>)[^<]*/g,
      `$1&lol${BOMB_LEVELS};`,
    ),
  );
}

function pairs(start: string, end: string, count: number): string {
  return `${start.repeat(count)}${end.repeat(count)}`;
}

function inserted(reply: Reply, before: string, text: string): Reply {
  return replaced(reply, before, `${text}${before}`);
}

function replaced(reply: Reply, found: string | RegExp, text: string): Reply {
  return {
    ...reply,
    body: new TextEncoder().encode(decode(reply).replace(found, () => text)),
  };
}

function decode({ body }: Reply): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
}
