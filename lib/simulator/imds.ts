import type { Answer, Api, PlatformState } from "./api.ts";
import { IMDS_CATEGORIES } from "./imds_categories.ts";
import { answerInstance } from "./imds_instance.ts";
import {
  badRequest,
  imdsError,
  pathOf,
  queryOf,
  requireHeaders,
  requireParameters,
} from "./imds_request.ts";
import { OLD_API_VERSION, requireVersion } from "./imds_versions.ts";
import { quote, Refusal } from "./refusal.ts";
import { htmlReply, reasonPhrase, withHeaders } from "./reply.ts";
import type { Request } from "./request.ts";

const INSTANCE = "/metadata/instance";
const FIRST_WITH_INSTANCE = "2017-04-02";

/** The instance metadata service. */
export const IMDS: Api = {
  name: "imds",
  server: "IMDS/150.870.65.1854",
  bodyLimit: 64 * 1024,
  targetOf: (method, target) => {
    if (method !== "GET") return undefined;
    const path = pathOf(target);
    if (stepsOf(path) !== undefined) return "metadata";
    return IMDS_CATEGORIES.has(path) ? "metadata-other" : undefined;
  },
  answer: answerMetadata,
  errorReply: (status) =>
    status === 403 || status === 503
      ? htmlReply(status)
      : imdsError(status, reasonPhrase(status)),
};

/** Whether a request asks for a version that Azure Stack does not know. */
export function asksForNewMetadata(target: string): boolean {
  const version = queryOf(target).get("api-version");
  return version !== null && version > OLD_API_VERSION;
}

/** Whether a request asks for the whole instance, not for a part of it. */
export function asksForInstance(target: string): boolean {
  return stepsOf(pathOf(target))?.length === 0;
}

/** What follows the instance in a path, which may end in a slash; undefined for other paths. */
function stepsOf(path: string): readonly string[] | undefined {
  if (path !== INSTANCE && !path.startsWith(`${INSTANCE}/`)) return undefined;
  return path.slice(INSTANCE.length).replace(/\/$/, "").split("/").slice(1);
}

function answerMetadata(request: Request, state: PlatformState): Answer {
  const path = pathOf(request.target);
  const steps = stepsOf(path);
  const category = IMDS_CATEGORIES.get(path);
  if (steps === undefined && category === undefined) {
    throw new Refusal(404, `Path ${quote(path)} is unknown`);
  }
  if (request.method !== "GET") {
    throw new Refusal(
      405,
      `Method ${quote(request.method)} is not "GET"`,
      withHeaders(imdsError(405, reasonPhrase(405)), { Allow: "GET" }),
    );
  }
  requireHeaders(request);
  const query = queryOf(request.target);
  return category === undefined
    ? answerPart(steps ?? [], query, state)
    : category(query, state);
}

function answerPart(
  steps: readonly string[],
  query: URLSearchParams,
  state: PlatformState,
): Answer {
  requireParameters(query, ["api-version", "extended", "format"]);
  const extended = query.get("extended") ?? "false";
  if (extended !== "true" && extended !== "false") {
    throw badRequest(
      `Parameter "extended" is ${quote(extended)}, not "true" or "false"`,
    );
  }
  const version = requireVersion(query.get("api-version"));
  if (version < FIRST_WITH_INSTANCE) {
    throw new Refusal(404, `Version "${version}" has no instance metadata`);
  }
  return answerInstance({
    steps,
    version,
    isExtended: extended === "true",
    format: query.get("format") ?? "json",
  }, state);
}
