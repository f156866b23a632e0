import { assertEquals } from "@std/assert";
import type { Instance } from "../../lib/imds/instance.ts";
import { neededOfMedia } from "../../lib/media/needed_of_media.ts";

/** A VM whose metadata says all that there is to say. */
const WITH_KEY: Instance = {
  computerName: "vm",
  adminUsername: "ada",
  publicKeys: ["ssh-rsa AAAA"],
  disablePasswordAuthentication: true,
  hasCustomData: false,
};

function without(...keys: (keyof Instance)[]): Instance {
  return Object.fromEntries(
    Object.entries(WITH_KEY).filter(([key]) =>
      !keys.includes(key as keyof Instance)
    ),
  );
}

const CASES: Readonly<Record<string, readonly [Instance, string[]]>> = {
  "a VM with a key, and no custom data": [WITH_KEY, []],
  "custom data that is announced": [
    { ...WITH_KEY, hasCustomData: true },
    ["custom data"],
  ],
  "a platform that does not say": [without("hasCustomData"), ["custom data"]],
  "a VM with a password": [
    { ...without("publicKeys"), disablePasswordAuthentication: false },
    ["password"],
  ],
  "a VM with a password and a key": [
    { ...WITH_KEY, disablePasswordAuthentication: false },
    ["password"],
  ],
  "metadata that does not say whether there is a password": [
    without("disablePasswordAuthentication"),
    ["password"],
  ],
  "a key that the metadata lacks": [without("publicKeys"), ["keys"]],
  "a name that it lacks": [without("computerName"), ["host name"]],
  "a user whom it lacks": [without("adminUsername"), ["user"]],
  "a VM for nobody to log in": [
    {
      ...without("adminUsername", "publicKeys"),
      hasNoUser: true,
      disablePasswordAuthentication: false,
    },
    [],
  ],
  "an empty user name of metadata that say nothing of custom data": [
    { ...without("adminUsername", "hasCustomData"), hasNoUser: true },
    ["user", "custom data"],
  ],
  "no metadata": [
    {},
    ["host name", "user", "keys", "password", "custom data"],
  ],
};

for (const [what, [instance, needed]] of Object.entries(CASES)) {
  Deno.test(`neededOfMedia() knows ${what}`, () => {
    assertEquals(neededOfMedia(instance, () => true), needed);
    assertEquals(neededOfMedia(instance, () => false), [], "no part runs");
  });
}
