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
  return {
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
    ...(instance.computerName === undefined && media.computerName !== undefined
      ? { nameFromMedia: true }
      : {}),
  };
}

const WORDS: Readonly<Partial<Record<keyof Instance, string>>> = {
  computerName: "host name",
  adminUsername: "user",
  publicKeys: "keys",
  customData: "custom data",
};

/**
 * Says what was filled in.
 *
 * @param before What the metadata say.
 * @param after What {@linkcode fillIn} made of it.
 * @returns Such as `host name, user, keys`; without a value of any.
 */
export function filledIn(before: Instance, after: Instance): string {
  return Object.entries(WORDS)
    .filter(([key]) =>
      before[key as keyof Instance] === undefined &&
      after[key as keyof Instance] !== undefined
    )
    .map(([, words]) => words)
    .join(", ");
}
