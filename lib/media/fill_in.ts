import type { Instance } from "../imds/instance.ts";

/** The values that the media give for the user whom they name, and for no other. */
const OF_THE_USER: readonly string[] = [
  "adminPassword",
  "disablePasswordAuthentication",
  "publicKeys",
] satisfies (keyof Instance)[];

/** What the log calls the values. */
const WORDS: Readonly<Record<string, string>> = {
  computerName: "host name",
  adminUsername: "user",
  publicKeys: "keys",
  adminPassword: "password",
  customData: "custom data",
} satisfies { readonly [Key in keyof Instance]?: string };

/**
 * Fills in from the provisioning media what the metadata lacks: all of it if there is no
 * metadata, the name and the user if it is old or has no osProfile, and always the password
 * and the custom data, which it never has. A value of the metadata wins.
 */
export function fillIn(instance: Instance, media: Instance): Instance {
  const isSameUser = media.adminUsername !== undefined &&
    media.adminUsername === (instance.adminUsername ?? media.adminUsername);
  const missing = Object.entries(media).filter(([key]) =>
    !(key in instance) && (isSameUser || !OF_THE_USER.includes(key))
  );
  if (missing.length === 0) return instance;
  return {
    ...instance,
    ...Object.fromEntries(missing),
    fromMedia: missing.map(([key]) => key),
  };
}

/** Lists what {@linkcode fillIn} filled in, such as `host name, user, keys`. */
export function filledIn({ fromMedia = [] }: Instance): string {
  return Object.entries(WORDS).filter(([key]) => fromMedia.includes(key))
    .map(([, words]) => words).join(", ");
}
