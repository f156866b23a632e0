import type { Instance } from "../imds/instance.ts";

/**
 * Lists what of a first boot can only come from the provisioning media, in words for the
 * log. The media are worth waiting for if there is anything.
 *
 * The metadata never has a password or custom data, but says whether the VM has them. What
 * it says nothing about may be on the media, as on a platform whose metadata is old.
 *
 * @param instance The metadata; empty if there is none.
 * @param has Whether a part runs, by its name.
 */
export function neededOfMedia(
  instance: Instance,
  has: (part: string) => boolean,
): string[] {
  const { computerName, adminUsername, publicKeys } = instance;
  const { disablePasswordAuthentication, hasCustomData } = instance;
  // An old api-version gives an empty name for a value that it does not have.
  const hasNoUser = instance.hasNoUser === true && hasCustomData !== undefined;
  const needed: Readonly<Record<string, boolean>> = {
    "host name": has("hostname") && computerName === undefined,
    user: has("user") && adminUsername === undefined && !hasNoUser,
    keys: has("ssh-keys") && !hasNoUser && publicKeys === undefined &&
      disablePasswordAuthentication !== false,
    password: has("password") && !hasNoUser &&
      disablePasswordAuthentication !== true,
    "custom data": has("customdata") && hasCustomData !== false,
  };
  return Object.keys(needed).filter((words) => needed[words]);
}
