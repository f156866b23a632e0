import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { temporaryPathOf } from "../../../lib/files/write_atomically.ts";
import { ProvisioningError } from "../../../lib/provisioning_error.ts";
import {
  forgetUserData,
  userDataPath,
  writeUserData,
} from "../../../lib/parts/user_data/user_data_file.ts";
import { namesIn } from "../../helpers/names_in.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const OURS = new TextEncoder().encode("#!/bin/sh\necho hi\n");

Deno.test("user data are written whole, for root's eyes only, in the place of what was there", async () => {
  await using temp = await tempDir();
  const stateDir = `${temp.path}/state`;
  writeUserData(stateDir, new Uint8Array(60_000));
  const path = userDataPath(stateDir);
  await Deno.chmod(path, 0o644);
  writeUserData(stateDir, OURS);
  assertEquals(await Deno.readFile(path), OURS);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assertEquals(await namesIn(stateDir), ["userData"]);
});

Deno.test("a link in the place of user data is replaced, and not followed", async () => {
  await using temp = await tempDir();
  const other = `${temp.path}/other`;
  await Deno.writeTextFile(other, "other");
  await Deno.symlink(other, userDataPath(temp.path));
  writeUserData(temp.path, OURS);
  assertEquals(await Deno.readTextFile(other), "other");
  assertEquals(await Deno.readFile(userDataPath(temp.path)), OURS);
});

Deno.test("user data that cannot be written are a failure with a name", async () => {
  await using temp = await tempDir();
  await Deno.mkdir(`${userDataPath(temp.path)}/folder`, { recursive: true });
  const error = assertThrows(
    () => writeUserData(temp.path, OURS),
    ProvisioningError,
  );
  assertEquals(error.key, "user_data_not_written");
  assertStringIncludes(error.message, `"${userDataPath(temp.path)}"`);
  assertEquals(await namesIn(temp.path), ["userData"]);
});

Deno.test("the user data of an earlier run go, with what a cut-off write or script has left, and nothing else", async () => {
  await using temp = await tempDir();
  assertEquals(forgetUserData(temp.path), false);
  assertEquals(forgetUserData(`${temp.path}/absent`), false);
  writeUserData(temp.path, OURS);
  await Deno.writeFile(temporaryPathOf(userDataPath(temp.path)), OURS);
  await Deno.writeFile(`${temp.path}/.userdata.run`, OURS);
  await Deno.writeTextFile(`${temp.path}/provisioned.json`, "{}");
  assertEquals(forgetUserData(temp.path), true);
  assertEquals(await namesIn(temp.path), ["provisioned.json"]);
});
