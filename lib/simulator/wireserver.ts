import type { Answer, Api } from "./api.ts";
import { goalStateXml } from "./goal_state.ts";
import { quote } from "./quote.ts";
import { Refusal } from "./refusal.ts";
import {
  emptyReply,
  htmlReply,
  reasonPhrase,
  type Reply,
  withHeaders,
  xmlReply,
} from "./reply.ts";
import { checkReport } from "./report_check.ts";
import type { Request } from "./request.ts";
import type { PlatformState } from "./state.ts";
import type { Target } from "./target.ts";

/** The most bytes a health report may have. */
export const REPORT_LIMIT = 4096;

const PROTOCOL = "2012-11-30";

interface Route {
  readonly method: "GET" | "POST";
  readonly target?: Target;
  answer(request: Request, state: PlatformState): Answer;
}

const GOAL_STATE: Route = {
  method: "GET",
  target: "goal-state",
  answer: answerGoalState,
};
const HEALTH: Route = {
  method: "POST",
  target: "health",
  answer: answerHealth,
};
const VERSIONS: Route = { method: "GET", answer: answerVersions };

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ["/machine?comp=goalstate", GOAL_STATE],
  ["/machine/?comp=goalstate", GOAL_STATE],
  ["/machine?comp=health", HEALTH],
  ["/machine/?comp=health", HEALTH],
  ["/?comp=versions", VERSIONS],
]);

/** WireServer: goal state, health reports and protocol versions. */
export const WIRESERVER: Api = {
  name: "wireserver",
  server: "Microsoft-IIS/10.0",
  targetOf: (method, target) => {
    const route = ROUTES.get(target);
    return route?.method === method ? route.target : undefined;
  },
  answer: (request, state) => {
    const route = ROUTES.get(request.target);
    if (route === undefined) {
      throw new Refusal(404, `Target ${quote(request.target)} is not known`);
    }
    if (request.method !== route.method) {
      const reply = withHeaders(errorReply(405), { Allow: route.method });
      throw new Refusal(
        405,
        `Method ${quote(request.method)} is not ${quote(route.method)}`,
        reply,
      );
    }
    return route.answer(request, state);
  },
  errorReply,
};

function errorReply(status: number): Reply {
  if (status === 403 || status === 503) return htmlReply(status);
  const [code, message] = status === 410
    ? [
      "ResourceNotAvailable",
      "The resource requested is no longer available. Please refresh your cache.",
    ]
    : [reasonPhrase(status).replaceAll(" ", ""), `${reasonPhrase(status)}.`];
  return xmlReply(
    status,
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message><Details/></Error>`,
  );
}

function answerGoalState(request: Request, state: PlatformState): Answer {
  requireProtocol(request);
  requireNoBody(request);
  return { reply: xmlReply(200, goalStateXml(state)) };
}

function answerVersions(request: Request): Answer {
  requireNoBody(request);
  return {
    reply: xmlReply(
      200,
      `<?xml version="1.0" encoding="utf-8"?>
<Versions>
  <Preferred>
    <Version>2015-04-05</Version>
  </Preferred>
  <Supported>
    <Version>2015-04-05</Version>
    <Version>2012-11-30</Version>
    <Version>2012-09-15</Version>
    <Version>2012-05-15</Version>
    <Version>2011-12-31</Version>
    <Version>2011-10-15</Version>
    <Version>2011-08-31</Version>
    <Version>2011-04-07</Version>
    <Version>2010-12-15</Version>
  </Supported>
</Versions>
`,
    ),
  };
}

function answerHealth(request: Request, state: PlatformState): Answer {
  requireProtocol(request);
  if ((request.headers["x-ms-agent-name"] ?? "") === "") {
    throw new Refusal(400, `Header "x-ms-agent-name" is missing or empty`);
  }
  const contentType = request.headers["content-type"] ?? "";
  if (!/^text\/xml[ \t]*;[ \t]*charset=utf-8$/i.test(contentType)) {
    throw new Refusal(
      415,
      `Header "Content-Type" is ${
        quote(contentType)
      }, not "text/xml;charset=utf-8"`,
    );
  }
  if (request.body.length > REPORT_LIMIT) {
    throw new Refusal(
      413,
      `Report of "${request.body.length}" bytes is longer than "${REPORT_LIMIT}"`,
    );
  }
  const report = checkReport(decodeBody(request.body));
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

function requireProtocol(request: Request): void {
  const version = request.headers["x-ms-version"];
  if (version === undefined) {
    throw new Refusal(400, `Header "x-ms-version" is missing`);
  }
  if (version !== PROTOCOL) {
    throw new Refusal(
      400,
      `Header "x-ms-version" is ${quote(version)}, not "${PROTOCOL}"`,
    );
  }
}

function requireNoBody(request: Request): void {
  if (request.body.length > 0) {
    throw new Refusal(
      400,
      `Body of "${request.body.length}" bytes does not belong here`,
    );
  }
}

function requireSame(element: string, found: string, ours: string): void {
  if (found !== ours) {
    throw new Refusal(
      400,
      `Element "${element}" is ${quote(found)}, not ${quote(ours)}`,
    );
  }
}

function decodeBody(body: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      body,
    );
  } catch (error) {
    throw error instanceof TypeError
      ? new Refusal(400, `Report is not "utf-8"`)
      : error;
  }
}
