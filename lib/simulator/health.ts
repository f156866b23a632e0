import type { Answer, PlatformState } from "./api.ts";
import { checkJsonReport } from "./json_report_check.ts";
import { quote, Refusal } from "./refusal.ts";
import { emptyReply } from "./reply.ts";
import { checkReport } from "./report_check.ts";
import type { Request } from "./request.ts";
import {
  requireHeader,
  requireProtocol,
  requireSame,
  requireType,
  requireUtf8,
  XML_TYPE,
} from "./require.ts";

/** The most bytes that a health report may have. */
const REPORT_LIMIT = 4096;

const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=utf-8)?$/i;

/** Answers a health report in XML, which has to carry the ids of the goal state. */
export function answerHealth(request: Request, state: PlatformState): Answer {
  requireProtocol(request);
  requireHeader(request, "x-ms-agent-name");
  requireType(request, XML_TYPE, "text/xml;charset=utf-8", 415);
  requireLength(request, 413);
  const report = checkReport(requireUtf8(request));
  requireSame("ContainerId", report.containerId, state.containerId);
  requireSame("InstanceId", report.instanceId, state.instanceId);
  if (report.incarnation !== String(state.incarnation)) {
    throw new Refusal(
      410,
      `Stale incarnation ${
        quote(report.incarnation)
      }, current is "${state.incarnation}"`,
    );
  }
  return {
    reply: emptyReply(200, {
      "x-ms-latest-goal-state-incarnation-number": String(state.incarnation),
    }),
    health: report.health,
  };
}

/** Answers a health report in JSON, which has no ids. Anything wrong with it is a 400. */
export function answerJsonHealth(request: Request): Answer {
  requireHeader(request, "x-ms-guest-agent-name");
  requireType(request, JSON_TYPE, "application/json", 400);
  requireLength(request, 400);
  const health = checkJsonReport(requireUtf8(request));
  return { reply: emptyReply(201), health };
}

function requireLength({ body }: Request, status: number): void {
  if (body.length > REPORT_LIMIT) {
    throw new Refusal(
      status,
      `Report of "${body.length}" bytes is longer than "${REPORT_LIMIT}"`,
    );
  }
}
