import type { PlatformState } from "./api.ts";

/**
 * Where a guest agent uploads its status, in the shape of WALinuxAgent's fixtures. The host
 * cannot exist, so that nothing leaves the machine: agents then take the way through the
 * host's plugin.
 */
export function statusBlobUrl({ vmId }: PlatformState): string {
  return `https://simulated.invalid/$system/${
    encodeURIComponent(vmId)
  }.status?sv=2018-03-28&sr=b&sk=system-1&sig=c2ltdWxhdGVk&se=9999-01-01T00%3a00%3a00Z&sp=w`;
}
