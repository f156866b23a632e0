import type { NamedFault } from "./fault_kind.ts";
import { emptyReply, jsonReply, withHeaders } from "./reply.ts";
import { TARGETS } from "./targets.ts";

/** What the guest proxy agent of the Metadata Security Protocol answers. */
export const AGENT_FAULTS: readonly NamedFault[] = [
  {
    name: "agent-no-key",
    summary: "401 for an unsigned request, passed on by the guest proxy agent",
    targets: TARGETS,
    reply: () =>
      withHeaders(jsonReply(401, { error: "Unauthorized" }), {
        "x-ms-azure-host-authorization": "value",
      }),
  },
  {
    name: "agent-denies",
    summary: "the guest proxy agent's own 403, without a body",
    targets: TARGETS,
    reply: () => emptyReply(403),
    closes: true,
  },
  {
    name: "agent-misdirects",
    summary: "the guest proxy agent's own 421, for an unknown connection",
    targets: TARGETS,
    reply: () => emptyReply(421),
    closes: true,
  },
  {
    name: "agent-no-host",
    summary: "the guest proxy agent's own 502, out of reach of the platform",
    targets: TARGETS,
    reply: () => emptyReply(502),
    closes: true,
  },
];
