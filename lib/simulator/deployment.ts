import type { PlatformState } from "./api.ts";

/** The names that WireServer's documents derive from the instance id. */
export interface Deployment {
  /** The deployment: the part of the instance id up to the first dot. */
  readonly name: string;
  /** The role: what follows that dot. For a VM it is its name after an underscore. */
  readonly role: string;
  /** The name of the role's configuration, by which the host's plugin knows the VM as well. */
  readonly configName: string;
}

/**
 * Takes an instance id apart. The shape of all three is that of the goal states in afterburn's
 * and WALinuxAgent's fixtures.
 */
export function deploymentOf({ instanceId }: PlatformState): Deployment {
  const dot = instanceId.indexOf(".");
  const name = dot < 0 ? instanceId : instanceId.slice(0, dot);
  const role = instanceId.slice(dot + 1);
  return { name, role, configName: `${name}.0.${name}.0.${role}.1.xml` };
}
