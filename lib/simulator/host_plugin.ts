import type { Answer, Api, PlatformState } from "./api.ts";
import { deploymentOf } from "./deployment.ts";
import { quote, Refusal } from "./refusal.ts";
import {
  emptyReply,
  jsonReply,
  reasonPhrase,
  type Reply,
  withHeaders,
} from "./reply.ts";
import type { Request } from "./request.ts";
import { requireHeader, requireJson, requireNoBody } from "./require.ts";
import { vmSettings, vmSettingsTag } from "./vm_settings.ts";

/** The port of the host's plugin for guest agents, at WireServer's address. */
export const HOST_PLUGIN_PORT = 32526;

/** The version of its protocol that WALinuxAgent speaks. */
const PROTOCOL = "2015-09-01";

interface Route {
  readonly method: "GET" | "PUT";
  answer(request: Request, state: PlatformState): Answer;
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/versions", { method: "GET", answer: answerVersions }],
  ["/health", { method: "GET", answer: answerHealth }],
  ["/vmSettings", { method: "GET", answer: answerVmSettings }],
  ["/extensionArtifact", { method: "GET", answer: answerArtifact }],
  ["/status", { method: "PUT", answer: answerStatus }],
  ["/vmAgentLog", { method: "PUT", answer: answerLog }],
]);

/**
 * The host's plugin for guest agents: what a VM without extensions gets. There is no
 * documentation of it; paths, headers and statuses are those of WALinuxAgent's `hostplugin.py`
 * and of its tests.
 */
export const HOST_PLUGIN: Api = {
  name: "host-plugin",
  server: "Microsoft-HTTPAPI/2.0",
  bodyLimit: 8 * 1024 * 1024,
  targetOf: (method, target) => {
    if (ROUTES.get(target)?.method !== method) return undefined;
    return target === "/vmSettings" ? "vm-settings" : "host-plugin";
  },
  answer: (request, state) => {
    const route = ROUTES.get(request.target);
    if (route === undefined) {
      throw new Refusal(404, `Target ${quote(request.target)} is unknown`);
    }
    if (request.method !== route.method) {
      throw new Refusal(
        405,
        `Method ${quote(request.method)} is not ${quote(route.method)}`,
        withHeaders(errorReply(405), { Allow: route.method }),
      );
    }
    return route.answer(request, state);
  },
  errorReply,
};

function errorReply(status: number): Reply {
  const code = reasonPhrase(status).replaceAll(" ", "");
  return jsonReply(status, { code, message: `${reasonPhrase(status)}.` });
}

function answerVersions(request: Request): Answer {
  requireNoBody(request);
  return { reply: jsonReply(200, [PROTOCOL]) };
}

function answerHealth(request: Request): Answer {
  requireNoBody(request);
  return { reply: emptyReply(200) };
}

/** Stale ids are answered with 410, upon which WALinuxAgent asks for the goal state again. */
function answerVmSettings(request: Request, state: PlatformState): Answer {
  requireNoBody(request);
  requireProtocol(request);
  requireIds(request, state, 410);
  const ETag = vmSettingsTag(state);
  if (request.headers["if-none-match"] === ETag) {
    return { reply: emptyReply(304, { ETag }) };
  }
  return { reply: withHeaders(jsonReply(200, vmSettings(state)), { ETag }) };
}

/** There is no extension, so there is nothing that could be fetched for one. */
function answerArtifact(request: Request, state: PlatformState): Answer {
  requireNoBody(request);
  requireProtocol(request);
  requireIds(request, state, 400);
  requireHeader(request, "x-ms-artifact-location");
  return { reply: errorReply(404) };
}

/** The status of the agent, wrapped in the request that uploads it to the VM's blob. */
function answerStatus(request: Request, state: PlatformState): Answer {
  requireProtocol(request);
  requireIds(request, state, 400);
  const { requestUri, headers } = requireJson(request);
  if (typeof requestUri !== "string" || !Array.isArray(headers)) {
    throw new Refusal(400, `Status has no "requestUri" and "headers"`);
  }
  return { reply: emptyReply(200) };
}

/** The agent's logs, zipped. */
function answerLog(request: Request): Answer {
  requireProtocol(request);
  requireHeader(request, "x-ms-containerid");
  return { reply: emptyReply(200) };
}

function requireProtocol(request: Request): void {
  const version = request.headers["x-ms-version"];
  if (version !== PROTOCOL) {
    throw new Refusal(
      400,
      `Header "x-ms-version" is ${quote(version ?? "")}, not "${PROTOCOL}"`,
    );
  }
}

/** Refuses ids that are not the VM's: with 400 in words that WALinuxAgent looks for. */
function requireIds(
  { headers }: Request,
  state: PlatformState,
  status: 400 | 410,
): void {
  const ours = {
    "x-ms-containerid": state.containerId,
    "x-ms-host-config-name": deploymentOf(state).configName,
  };
  for (const [name, value] of Object.entries(ours)) {
    const found = headers[name] ?? "";
    if (found !== value) {
      throw new Refusal(
        status,
        `Header "${name}" is ${quote(found)}, not ${quote(value)}`,
        status === 400
          ? jsonReply(400, { code: "InvalidContainerConfiguration" })
          : undefined,
      );
    }
  }
}
