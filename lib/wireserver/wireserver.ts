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

/**
 * How a health report is sent: as XML, as JSON, or as XML and, where the platform
 * refuses that for good, as JSON.
 */
export type HealthProtocol = "auto" | "xml" | "json";

/** Every {@linkcode HealthProtocol}, the usual one first. */
export const HEALTH_PROTOCOLS: readonly HealthProtocol[] = [
  "auto",
  "xml",
  "json",
];

/** What a health report says of the VM. */
export type Health =
  /** The VM is provisioned. */
  | { readonly state: "Ready" }
  /** The VM could not be provisioned, and why. */
  | { readonly state: "NotReady"; readonly description: string };

/** The longest description, in characters; cloud-init keeps to the same. */
export const MAX_DESCRIPTION_CHARACTERS = 512;

/**
 * Cuts a description to what is reported, between two characters.
 *
 * @param description Why the VM is not ready.
 * @returns Its first {@linkcode MAX_DESCRIPTION_CHARACTERS} characters.
 */
export function reportedDescription(description: string): string {
  return [...description.trim()].slice(0, MAX_DESCRIPTION_CHARACTERS).join("");
}
