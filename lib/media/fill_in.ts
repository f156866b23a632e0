import type { Instance } from "../imds/instance.ts";

/**
 * Fills in what the metadata lack from the provisioning media: all of it where there
 * are none, the name and the user where they are old or have no osProfile, and always
 * the custom data, which they never have.
 *
 * The metadata win, value by value. Keys, and whether there are passwords, are taken
 * for the user that they were given for only.
 *
 * @param instance What the metadata say.
 * @param media What the media say.
 * @returns What is known of the VM.
 */
export function fillIn(instance: Instance, media: Instance): Instance {
  const { adminUsername, disablePasswordAuthentication, publicKeys, ...rest } =
    media;
  const isSameUser = adminUsername !== undefined &&
    (instance.adminUsername ?? adminUsername) === adminUsername;
  const filled: Instance = {
    ...rest,
    ...(isSameUser
      ? {
        adminUsername,
        ...(disablePasswordAuthentication === undefined
          ? {}
          : { disablePasswordAuthentication }),
        ...(publicKeys === undefined ? {} : { publicKeys }),
      }
      : {}),
    ...instance,
  };
  const fromMedia = Object.keys(filled).filter((key) => !(key in instance));
  return fromMedia.length === 0 ? filled : { ...filled, fromMedia };
}

const WORDS: Readonly<Record<string, string>> = {
  computerName: "host name",
  adminUsername: "user",
  publicKeys: "keys",
  customData: "custom data",
};

/**
 * Says what was filled in.
 *
 * @param filled What {@linkcode fillIn} gave.
 * @returns Such as `host name, user, keys`; without a value of any.
 */
export function filledIn({ fromMedia = [] }: Instance): string {
  return Object.entries(WORDS).filter(([key]) => fromMedia.includes(key))
    .map(([, words]) => words).join(", ");
}
