import type { Answer, Api, PlatformState, Target } from "./api.ts";
import { goalStateXml } from "./goal_state.ts";
import { answerHealth, answerJsonHealth } from "./health.ts";
import { quote, Refusal } from "./refusal.ts";
import {
  htmlReply,
  reasonPhrase,
  type Reply,
  withHeaders,
  xmlReply,
} from "./reply.ts";
import type { Request } from "./request.ts";
import { requireNoBody, requireProtocol } from "./require.ts";

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
const JSON_HEALTH: Route = {
  method: "POST",
  target: "health-json",
  answer: answerJsonHealth,
};
const VERSIONS: Route = { method: "GET", answer: answerVersions };

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ["/machine?comp=goalstate", GOAL_STATE],
  ["/machine/?comp=goalstate", GOAL_STATE],
  ["/machine?comp=health", HEALTH],
  ["/machine/?comp=health", HEALTH],
  ["/provisioning/health", JSON_HEALTH],
  ["/?comp=versions", VERSIONS],
]);

/** WireServer: goal state, health reports in XML and JSON, and protocol versions. */
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
      throw new Refusal(404, `Target ${quote(request.target)} is unknown`);
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
