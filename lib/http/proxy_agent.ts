import type { CallFailure } from "./failure.ts";

/**
 * What a machine has of the guest proxy agent, which signs requests for the Metadata
 * Security Protocol. It is looked up only when a request is refused.
 */
export interface ProxyAgent {
  /** Returns whether the agent is installed. */
  readonly isInstalled: () => boolean;
  /** Returns whether the provisioning media ask for it. */
  readonly isWanted: () => boolean;
}

/** The agent's program; its unit has the same name. */
export const PROXY_AGENT = "azure-proxy-agent";

/** The header that the agent adds to each answer that it passes on. */
export const PROXY_AGENT_HEADER = "x-ms-azure-host-authorization";

/**
 * The answers to a request that is not signed, if the Metadata Security Protocol is in
 * force: either from the platform, 403 from the agent as well.
 */
const SIGNED_ONLY: ReadonlySet<number> = new Set([401, 403]);

/** Whether an answer may mean that the platform takes only signed requests. */
export function isSignedOnly(failure: CallFailure): boolean {
  return failure.kind === "status" && SIGNED_ONLY.has(failure.status);
}

/**
 * Marks a refusal that passes once the agent has its key. Until then the agent forwards
 * requests without a signature.
 */
export function judgeRefusal(
  failure: CallFailure,
  agent: ProxyAgent | undefined,
): CallFailure {
  return failure.kind === "status" && isSignedOnly(failure) &&
      (failure.isPassedOn || agent?.isInstalled())
    ? { ...failure, waitsForKey: true }
    : failure;
}

/** What to do about a refusal that a signature would have averted. */
export function signingRemedy(
  failure: CallFailure,
  agent: ProxyAgent | undefined,
): string {
  if (failure.kind === "status" && failure.waitsForKey) {
    return `${PROXY_AGENT} may not have its key yet: if it never gets one, see "systemctl status ${PROXY_AGENT}" and /var/log/${PROXY_AGENT}`;
  }
  const remedy =
    `put ${PROXY_AGENT} into the image and have it up first, or create the VM without`;
  return agent?.isWanted()
    ? `the provisioning media ask for the Metadata Security Protocol, but its guest proxy agent is not in this image: ${remedy}`
    : `if the VM was created with the Metadata Security Protocol, the platform takes only what its guest proxy agent signs: ${remedy}`;
}
