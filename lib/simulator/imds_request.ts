import { quote, Refusal } from "./refusal.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { Request } from "./request.ts";

/** The path of a request's target. */
export function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}

/** The parameters of a request's target. */
export function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(target.slice(pathOf(target).length));
}

/** IMDS's error page. */
export function imdsError(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

/** A refusal with IMDS's words for it. */
export function badRequest(reason: string, error = "Bad request"): Refusal {
  return new Refusal(400, reason, imdsError(400, error));
}

/** Refuses a request whose headers are not those of a VM's own process, or that has a body. */
export function requireHeaders(request: Request): void {
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
    );
  }
}

/** Refuses parameters that are unknown or repeated. */
export function requireParameters(
  query: URLSearchParams,
  known: readonly string[],
): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) {
      throw badRequest(`Parameter ${quote(name)} is unknown`);
    }
    if (query.getAll(name).length > 1) {
      throw badRequest(`Parameter ${quote(name)} is repeated`);
    }
  }
}
