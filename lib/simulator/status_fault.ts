import type { Api } from "./api.ts";
import type { FaultKind } from "./fault_kind.ts";
import { emptyReply, type Reply, withHeaders } from "./reply.ts";
import { TARGETS } from "./target.ts";

/** The fault that answers an HTTP status. */
export function statusFault(status: number): FaultKind {
  return {
    targets: TARGETS,
    number: "tries",
    reply: ({ api }) => statusReply(api, status),
  };
}

/** How a service answers an HTTP status. */
export function statusReply(api: Api, status: number): Reply {
  if (status === 304) return emptyReply(status);
  const reply = api.errorReply(status);
  if (status < 400) return withHeaders(reply, { Location: "/redirected" });
  return status === 429 || status === 503
    ? withHeaders(reply, { "Retry-After": "1" })
    : reply;
}
