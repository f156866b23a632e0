import type { Endpoint } from "../http/endpoint.ts";

/** A WireServer, and the name to report under. */
export interface WireServer {
  readonly endpoint: Endpoint;
  /** The agent's name, for the header of a health report. */
  readonly agentName: string;
}

/** The version of the protocol. */
export const PROTOCOL_VERSION = "2012-11-30";

/** How a health report is sent. `auto` sends XML, and JSON if the platform refuses that. */
export type HealthProtocol = "auto" | "xml" | "json";

/** Every {@linkcode HealthProtocol}, the default first. */
export const HEALTH_PROTOCOLS: readonly HealthProtocol[] = [
  "auto",
  "xml",
  "json",
];

/** What a health report says about the VM. */
export type Health =
  /** The VM is provisioned. */
  | { readonly state: "Ready" }
  /** Provisioning the VM failed. The description says why. */
  | { readonly state: "NotReady"; readonly description: string };

/** The longest description, in characters. cloud-init has the same limit. */
export const MAX_DESCRIPTION_CHARACTERS = 512;

/** Cuts a description to {@linkcode MAX_DESCRIPTION_CHARACTERS}, between two characters. */
export function reportedDescription(description: string): string {
  return [...description.trim()].slice(0, MAX_DESCRIPTION_CHARACTERS).join("");
}
