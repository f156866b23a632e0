import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { temporaryPathOf } from "../../../lib/files/write_atomically.ts";
import { ProvisioningError } from "../../../lib/provisioning_error.ts";
import { USER_DATA } from "../../../lib/parts/user_data/data_kind.ts";
import {
  forgetUserData,
  userDataPath,
  writeUserData,
} from "../../../lib/parts/user_data/user_data_file.ts";
import { namesIn } from "../../helpers/names_in.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const OURS = new TextEncoder().encode("#!/bin/sh\necho hi\n");

Deno.test("writeUserData() replaces what was there, for root only", async () => {
  await using temp = await tempDir();
  const stateDir = `${temp.path}/state`;
  writeUserData(stateDir, new Uint8Array(60_000), USER_DATA);
  const path = userDataPath(stateDir, USER_DATA);
  await Deno.chmod(path, 0o644);
  writeUserData(stateDir, OURS, USER_DATA);
  assertEquals(await Deno.readFile(path), OURS);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assertEquals(await namesIn(stateDir), ["userData"]);
});

Deno.test("writeUserData() replaces a link, and does not follow it", async () => {
  await using temp = await tempDir();
  const other = `${temp.path}/other`;
  await Deno.writeTextFile(other, "other");
  await Deno.symlink(other, userDataPath(temp.path, USER_DATA));
  writeUserData(temp.path, OURS, USER_DATA);
  assertEquals(await Deno.readTextFile(other), "other");
  assertEquals(await Deno.readFile(userDataPath(temp.path, USER_DATA)), OURS);
});

Deno.test("writeUserData() names the file that it cannot write", async () => {
  await using temp = await tempDir();
  await Deno.mkdir(`${userDataPath(temp.path, USER_DATA)}/folder`, {
    recursive: true,
  });
  const error = assertThrows(
    () => writeUserData(temp.path, OURS, USER_DATA),
    ProvisioningError,
  );
  assertEquals(error.key, "user_data_not_written");
  assertStringIncludes(
    error.message,
    `"${userDataPath(temp.path, USER_DATA)}"`,
  );
  assertEquals(await namesIn(temp.path), ["userData"]);
});

Deno.test("forgetUserData() removes the data of an earlier run, leftovers of interrupted writes and scripts, and nothing else", async () => {
  await using temp = await tempDir();
  assertEquals(forgetUserData(temp.path, USER_DATA), false);
  assertEquals(forgetUserData(`${temp.path}/absent`, USER_DATA), false);
  writeUserData(temp.path, OURS, USER_DATA);
  await Deno.writeFile(
    temporaryPathOf(userDataPath(temp.path, USER_DATA)),
    OURS,
  );
  await Deno.writeFile(`${temp.path}/.userdata.run`, OURS);
  await Deno.writeTextFile(`${temp.path}/provisioned.json`, "{}");
  assertEquals(forgetUserData(temp.path, USER_DATA), true);
  assertEquals(await namesIn(temp.path), ["provisioned.json"]);
});
