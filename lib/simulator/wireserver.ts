import type { Answer, Api, PlatformState } from "./api.ts";
import { configPath, type ConfigType, configTypeOf } from "./config_path.ts";
import { goalStateXml, REAL_HOST } from "./goal_state.ts";
import { answerHealth, answerJsonHealth } from "./health.ts";
import { answerHealthService } from "./health_service.ts";
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
import { answerRoleProperties } from "./role_properties.ts";
import type { Target } from "./targets.ts";
import { answerTelemetry } from "./telemetry.ts";

interface Route {
  readonly method: "GET" | "POST";
  readonly target: Target;
  answer(request: Request, state: PlatformState): Answer;
}

const GOAL_STATE = get("goal-state", answerGoalState);
const HEALTH = post("health", answerHealth);
const ROLE_PROPERTIES = post("role-properties", answerRoleProperties);
const TELEMETRY = post("telemetry", answerTelemetry);

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ["/machine?comp=goalstate", GOAL_STATE],
  ["/machine/?comp=goalstate", GOAL_STATE],
  ["/machine?comp=health", HEALTH],
  ["/machine/?comp=health", HEALTH],
  ["/provisioning/health", post("health-json", answerJsonHealth)],
  ["/?comp=versions", get("versions", answerVersions)],
  ["/machine?comp=roleProperties", ROLE_PROPERTIES],
  ["/machine/?comp=roleProperties", ROLE_PROPERTIES],
  ["/machine?comp=telemetrydata", TELEMETRY],
  ["/machine/?comp=telemetrydata", TELEMETRY],
  ["/HealthService", post("health-service", answerHealthService)],
]);

function get(target: Target, answer: Route["answer"]): Route {
  return { method: "GET", target, answer };
}

function post(target: Target, answer: Route["answer"]): Route {
  return { method: "POST", target, answer };
}

function routeOf(target: string): Route | undefined {
  const config = configTypeOf(target);
  return config === undefined ? ROUTES.get(target) : get(
    config.target,
    (request, state) => answerConfig(request, state, config),
  );
}

/** WireServer: the goal state and its documents, versions, and what agents report. */
export const WIRESERVER: Api = {
  name: "wireserver",
  server: "Microsoft-IIS/10.0",
  bodyLimit: 64 * 1024,
  targetOf: (method, target) => {
    const route = routeOf(target);
    return route?.method === method ? route.target : undefined;
  },
  answer: (request, state) => {
    const route = routeOf(request.target);
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
  return { reply: xmlReply(200, goalStateXml(state, hostOf(request))) };
}

/** The links lead to where the request went, and on Azure that is the real address. */
function hostOf({ headers }: Request): string {
  const host = headers["host"] ?? "";
  if (!/^(?:[\w.-]+|\[[\dA-Fa-f:.]+\])(?::\d{1,5})?$/.test(host)) {
    return REAL_HOST;
  }
  return /:\d+$/.test(host) ? host : `${host}:80`;
}

/** A document of another incarnation is gone, as a health report of it is. */
function answerConfig(
  request: Request,
  state: PlatformState,
  { query, xml }: ConfigType,
): Answer {
  requireProtocol(request);
  requireNoBody(request);
  const [path = "", ...rest] = request.target.split("?");
  const parameters = rest.join("?");
  if (decodePath(path) !== decodePath(configPath(state))) {
    throw new Refusal(404, `Path ${quote(path)} is that of another VM`);
  }
  const current = `incarnation=${state.incarnation}`;
  if (parameters !== `${query}&${current}`) {
    throw new Refusal(
      410,
      `Parameters ${quote(parameters)} do not have the current "${current}"`,
    );
  }
  return { reply: xmlReply(200, xml(state)) };
}

/** Escapes that nobody needs make no other path. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
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
