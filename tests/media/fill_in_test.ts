import { assertEquals } from "@std/assert";
import { filledIn, fillIn } from "../../lib/media/fill_in.ts";

const MEDIA = {
  computerName: "media-vm",
  adminUsername: "ada",
  disablePasswordAuthentication: true,
  publicKeys: ["media's"],
  customData: "AAAA",
};

Deno.test("where there are no metadata, the media are all that is known", () => {
  const filled = fillIn({}, MEDIA);
  assertEquals(filled, { ...MEDIA, nameFromMedia: true });
  assertEquals(filledIn({}, filled), "host name, user, keys, custom data");
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
  const filled = fillIn(metadata, MEDIA);
  assertEquals(filled, { ...metadata, customData: "AAAA" });
  assertEquals(filledIn(metadata, filled), "custom data");
});

Deno.test("old metadata, without osProfile, are filled in", () => {
  const metadata = { vmId: "id", name: "x_0" };
  const filled = fillIn(metadata, MEDIA);
  assertEquals(filled, { ...metadata, ...MEDIA, nameFromMedia: true });
  assertEquals(
    filledIn(metadata, filled),
    "host name, user, keys, custom data",
  );
});

Deno.test("keys, and that there are no passwords, are for the user that they were given for", () => {
  const other = { adminUsername: "bob", computerName: "vm" };
  assertEquals(fillIn(other, MEDIA), { ...other, customData: "AAAA" });
  const same = { adminUsername: "ada", computerName: "vm" };
  assertEquals(fillIn(same, MEDIA), {
    ...same,
    disablePasswordAuthentication: true,
    publicKeys: ["media's"],
    customData: "AAAA",
  });
});

Deno.test("media that say nothing fill in nothing", () => {
  const metadata = { vmId: "id", name: "x" };
  assertEquals(fillIn(metadata, {}), metadata);
  assertEquals(filledIn(metadata, fillIn(metadata, {})), "");
  assertEquals(fillIn({}, { publicKeys: ["nobody's"] }), {});
});
