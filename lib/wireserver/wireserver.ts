import type { Endpoint } from "../http/endpoint.ts";

/** A WireServer, and as whom to talk to it. */
export interface WireServer {
  /** Where it is. */
  readonly endpoint: Endpoint;
  /** Who reports, for the header of a health report that says so. */
  readonly agentName: string;
}

/** The protocol version of WireServer that is spoken. */
export const PROTOCOL_VERSION = "2012-11-30";
