import { assertEquals, assertMatch } from "@std/assert";
import type { Instance } from "../../lib/imds/instance.ts";
import { Secret } from "../../lib/secret.ts";
import { filledIn, fillIn } from "../../lib/media/fill_in.ts";

const MEDIA = {
  computerName: "media-vm",
  adminUsername: "ada",
  disablePasswordAuthentication: true,
  publicKeys: ["media's"],
  customData: "AAAA",
};

const ALL = Object.keys(MEDIA).sort();

/** What is filled in, with the names of what is from the media in a known order. */
function filled(instance: Instance, media: Instance): Instance {
  const { fromMedia, ...values } = fillIn(instance, media);
  return fromMedia === undefined
    ? values
    : { ...values, fromMedia: fromMedia.toSorted() };
}

Deno.test("where there are no metadata, the media are all that is known", () => {
  assertEquals(filled({}, MEDIA), { ...MEDIA, fromMedia: ALL });
  assertEquals(
    filledIn(fillIn({}, MEDIA)),
    "host name, user, keys, custom data",
  );
});

Deno.test("what the metadata say wins, and the custom data are from the media", () => {
  const metadata = {
    vmId: "id",
    computerName: "vm",
    adminUsername: "ada",
    disablePasswordAuthentication: false,
    publicKeys: ["metadata's"],
    userData: "BBBB",
  };
  assertEquals(filled(metadata, MEDIA), {
    ...metadata,
    customData: "AAAA",
    fromMedia: ["customData"],
  });
  assertEquals(filledIn(fillIn(metadata, MEDIA)), "custom data");
});

Deno.test("old metadata, without osProfile, are filled in", () => {
  const metadata = { vmId: "id", name: "x_0" };
  assertEquals(filled(metadata, MEDIA), {
    ...metadata,
    ...MEDIA,
    fromMedia: ALL,
  });
});

Deno.test("keys, and that there are no passwords, are for the user that they were given for", () => {
  const other = { adminUsername: "bob", computerName: "vm" };
  assertEquals(filled(other, MEDIA), {
    ...other,
    customData: "AAAA",
    fromMedia: ["customData"],
  });
  const same = { adminUsername: "ada", computerName: "vm" };
  assertEquals(filled(same, MEDIA), {
    ...same,
    disablePasswordAuthentication: true,
    publicKeys: ["media's"],
    customData: "AAAA",
    fromMedia: ["customData", "disablePasswordAuthentication", "publicKeys"],
  });
});

Deno.test("a password is for the user that it was given for", () => {
  const password = { ...MEDIA, adminPassword: new Secret("x") };
  const same = filled({ adminUsername: "ada", vmId: "id" }, password);
  assertEquals(same.adminPassword?.reveal(), "x");
  assertMatch(filledIn(same), /\bpassword\b/);
  const { adminUsername: _, ...nobodys } = password;
  for (
    const other of [
      filled({ adminUsername: "bob" }, password),
      filled({ adminUsername: "Ada" }, password),
      filled({ adminUsername: "ada" }, nobodys),
    ]
  ) assertEquals("adminPassword" in other, false);
});

Deno.test("media that say nothing fill in nothing", () => {
  const metadata = { vmId: "id", name: "x" };
  assertEquals(fillIn(metadata, {}), metadata);
  assertEquals(filledIn(fillIn(metadata, {})), "");
  assertEquals(fillIn({}, { publicKeys: ["nobody's"] }), {});
});
