import type { Answer, PlatformState } from "./api.ts";
import { attestedDocument } from "./attested.ts";
import { badRequest, imdsError, requireParameters } from "./imds_request.ts";
import { API_VERSIONS, requireVersion } from "./imds_versions.ts";
import { quote } from "./refusal.ts";
import { jsonReply } from "./reply.ts";

/** Answers a request for one of the categories that are not the instance. */
type Category = (query: URLSearchParams, state: PlatformState) => Answer;

const IDENTITY_PARAMETERS = [
  "api-version",
  "resource",
  "client_id",
  "object_id",
  "msi_res_id",
  "authority",
  "bypass_cache",
];

/** Of "Azure Metadata Service: Scheduled Events for Linux VMs" in Microsoft's documentation. */
const EVENT_VERSIONS: readonly string[] = [
  "2017-03-01",
  "2017-08-01",
  "2017-11-01",
  "2019-01-01",
  "2019-04-01",
  "2019-08-01",
  "2020-07-01",
];

/** The categories, by path, as a VM gets them that has none of what they are for. */
export const IMDS_CATEGORIES: ReadonlyMap<string, Category> = new Map<
  string,
  Category
>([
  ["/metadata/versions", versions],
  ["/metadata/attested/document", attested],
  ["/metadata/identity", () => notFound("Not Found")],
  ["/metadata/identity/info", identityInfo],
  ["/metadata/identity/oauth2/token", identityToken],
  ["/metadata/loadbalancer", loadBalancer],
  ["/metadata/scheduledevents", scheduledEvents],
  ["/metadata/reprovisiondata", reprovisionData],
]);

/** The only category that takes no version. */
function versions(query: URLSearchParams): Answer {
  requireParameters(query, []);
  return { reply: jsonReply(200, { apiVersions: API_VERSIONS }) };
}

function attested(query: URLSearchParams, state: PlatformState): Answer {
  requireParameters(query, ["api-version", "nonce"]);
  const version = requireVersion(query.get("api-version"));
  if (version < "2018-10-01") return notFound("Not found");
  const nonce = query.get("nonce") ?? undefined;
  if (nonce !== undefined && !/^[0-9A-Za-z]{1,32}$/.test(nonce)) {
    throw badRequest(
      `Parameter "nonce" is ${quote(nonce)}, not 1 to 32 letters and digits`,
    );
  }
  return {
    reply: jsonReply(200, attestedDocument(state, { version, nonce })),
  };
}

function identityInfo(query: URLSearchParams): Answer {
  requireParameters(query, ["api-version"]);
  return withoutIdentity(query);
}

function identityToken(query: URLSearchParams): Answer {
  requireParameters(query, IDENTITY_PARAMETERS);
  return query.has("resource") ? withoutIdentity(query) : {
    reply: jsonReply(400, {
      error: "invalid_request",
      error_description: "Required query variable 'resource' is missing",
    }),
  };
}

/** The words are those that users of Azure's SDKs report of VMs without an identity. */
function withoutIdentity(query: URLSearchParams): Answer {
  requireVersion(query.get("api-version"));
  return {
    reply: jsonReply(400, {
      error: "invalid_request",
      error_description: "Identity not found",
    }),
  };
}

/** Of "Common error codes when using IMDS to retrieve load balancer information". */
function loadBalancer(query: URLSearchParams): Answer {
  requireParameters(query, ["api-version"]);
  return requireVersion(query.get("api-version")) < "2020-10-01"
    ? notFound("Not found")
    : notFound(
      "No load balancer metadata is found. Please check if your VM is using any non-basic SKU load balancer and retry later.",
    );
}

/** It has versions of its own, and answers 404 to others, as a fact module of Ansible's has it. */
function scheduledEvents(query: URLSearchParams): Answer {
  requireParameters(query, ["api-version"]);
  const version = query.get("api-version");
  if (version === null) requireVersion(version);
  return EVENT_VERSIONS.includes(version ?? "")
    ? { reply: jsonReply(200, { DocumentIncarnation: 1, Events: [] }) }
    : notFound("Not found");
}

/** What a VM that was provisioned in advance waits for: cloud-init waits while this is 404. */
function reprovisionData(query: URLSearchParams): Answer {
  requireParameters(query, ["api-version"]);
  requireVersion(query.get("api-version"));
  return notFound("Not found");
}

/** The client asked rightly, so this is an answer and no refusal. */
function notFound(error: string): Answer {
  return { reply: imdsError(404, error) };
}
