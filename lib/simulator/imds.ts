import type { Answer, Api, PlatformState } from "./api.ts";
import { instanceMetadata } from "./metadata.ts";
import { quote, Refusal } from "./refusal.ts";
import {
  htmlReply,
  jsonReply,
  reasonPhrase,
  type Reply,
  typedReply,
  withHeaders,
} from "./reply.ts";
import type { Request } from "./request.ts";

/** The newest api-version that platforms such as Azure Stack know. */
export const OLD_API_VERSION = "2019-06-01";

/** The api-versions of IMDS, oldest first. */
const API_VERSIONS: readonly string[] = [
  "2017-03-01",
  "2017-04-02",
  "2017-08-01",
  "2017-10-01",
  "2017-12-01",
  "2018-02-01",
  "2018-04-02",
  "2018-10-01",
  "2019-02-01",
  "2019-03-11",
  "2019-04-30",
  OLD_API_VERSION,
  "2019-06-04",
  "2019-08-01",
  "2019-08-15",
  "2019-11-01",
  "2020-06-01",
  "2020-07-15",
  "2020-09-01",
  "2020-10-01",
  "2020-12-01",
  "2021-01-01",
  "2021-02-01",
  "2021-03-01",
  "2021-05-01",
  "2021-08-01",
  "2021-10-01",
  "2021-11-01",
  "2021-11-15",
  "2021-12-13",
  "2023-07-01",
  "2023-11-15",
  "2024-03-15",
  "2024-07-17",
  "2025-04-07",
];

const INSTANCE = "/metadata/instance";
const PARAMETERS: readonly string[] = ["api-version", "extended", "format"];

/** The leaves that are served as text. */
const LEAVES: ReadonlyMap<string, (state: PlatformState) => string> = new Map([
  [`${INSTANCE}/compute/name`, (state: PlatformState) => state.vmName],
  [`${INSTANCE}/compute/vmId`, (state: PlatformState) => state.vmId],
]);

/** The instance metadata service. */
export const IMDS: Api = {
  name: "imds",
  server: "IMDS/150.870.65.1854",
  targetOf: (method, target) => {
    const path = pathOf(target);
    return method === "GET" && (path === INSTANCE || LEAVES.has(path))
      ? "metadata"
      : undefined;
  },
  answer: answerMetadata,
  errorReply: (status) =>
    status === 403 || status === 503
      ? htmlReply(status)
      : errorReply(status, reasonPhrase(status)),
};

/** Whether a request asks for a version that Azure Stack does not know. */
export function asksForNewMetadata(target: string): boolean {
  const version = queryOf(target).get("api-version");
  return version !== null && version > OLD_API_VERSION;
}

/** Whether a request asks for the whole instance, not for a leaf. */
export function asksForInstance(target: string): boolean {
  return pathOf(target) === INSTANCE;
}

/** The answer to an unknown version, which lists the newest known ones. */
export function unknownVersionReply(
  newest: string | undefined = API_VERSIONS.at(-1),
): Reply {
  const known = API_VERSIONS.filter((version) =>
    newest === undefined || version <= newest
  );
  return jsonReply(400, {
    error:
      "Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds",
    "newest-versions": known.slice(-3).reverse(),
  });
}

function answerMetadata(request: Request, state: PlatformState): Answer {
  const path = pathOf(request.target);
  const leaf = LEAVES.get(path);
  if (leaf === undefined && path !== INSTANCE) {
    throw new Refusal(404, `Path ${quote(path)} is unknown`);
  }
  if (request.method !== "GET") {
    throw new Refusal(
      405,
      `Method ${quote(request.method)} is not "GET"`,
      withHeaders(errorReply(405, reasonPhrase(405)), { Allow: "GET" }),
    );
  }
  checkHeaders(request);
  const query = queryOf(request.target);
  checkParameters(query);
  const version = checkVersion(query.get("api-version"));
  checkFormat(
    query.get("format") ?? "json",
    leaf === undefined ? "json" : "text",
  );
  return leaf === undefined
    ? {
      reply: jsonReply(
        200,
        instanceMetadata(state, version, query.get("extended") === "true"),
      ),
    }
    : { reply: typedReply(200, "text/plain; charset=utf-8", leaf(state)) };
}

function checkHeaders(request: Request): void {
  const metadata = request.headers["metadata"];
  if (metadata?.toLowerCase() !== "true") {
    throw badRequest(
      metadata === undefined
        ? `Header "Metadata" is missing`
        : `Header "Metadata" is ${quote(metadata)}, not "true"`,
      "Bad request. Required metadata header not specified",
    );
  }
  const forwarded = request.headers["x-forwarded-for"];
  if (forwarded !== undefined) {
    throw badRequest(
      `Header "X-Forwarded-For" is not allowed, it is ${quote(forwarded)}`,
      "Bad request. X-Forwarded-For header is not allowed",
    );
  }
  if (request.body.length > 0) {
    throw badRequest(
      `Body of "${request.body.length}" bytes is not allowed here`,
      "Bad request",
    );
  }
}

function checkParameters(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw badRequest(`Parameter ${quote(name)} is unknown`, "Bad request");
    }
    if (query.getAll(name).length > 1) {
      throw badRequest(
        `Parameter ${quote(name)} is repeated`,
        "Bad request",
      );
    }
  }
  const extended = query.get("extended") ?? "false";
  if (extended !== "true" && extended !== "false") {
    throw badRequest(
      `Parameter "extended" is ${quote(extended)}, not "true" or "false"`,
      "Bad request",
    );
  }
}

function checkVersion(version: string | null): string {
  if (version === null) {
    throw new Refusal(
      400,
      `Parameter "api-version" is missing`,
      unknownVersionReply(),
    );
  }
  if (!API_VERSIONS.includes(version)) {
    throw new Refusal(
      400,
      `Parameter "api-version" is ${quote(version)}, which is unknown`,
      unknownVersionReply(),
    );
  }
  return version;
}

function checkFormat(found: string, wanted: "json" | "text"): void {
  if (found !== wanted) {
    throw badRequest(
      `Parameter "format" is ${quote(found)}, not ${quote(wanted)}`,
      "Bad request. Format is not available for this path",
    );
  }
}

function badRequest(reason: string, error: string): Refusal {
  return new Refusal(400, reason, errorReply(400, error));
}

function errorReply(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(target.slice(pathOf(target).length));
}
