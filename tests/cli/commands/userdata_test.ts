import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { namesIn } from "../../helpers/names_in.ts";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const SCRIPT = "#!/bin/sh\necho secret\n";

Deno.test("userdata writes the metadata's user data, for their owner alone, and says none of them", async () => {
  await using platform = await testPlatform({ userData: btoa(SCRIPT) });
  await using dir = await tempDir();
  const { code, stdout, stderr } = await runProgram([
    "userdata",
    ...platform.args,
    "--state-dir",
    dir.path,
    "--log-level",
    "debug",
  ], { writable: dir.path });
  assertEquals(code, 0, stderr);
  const path = `${dir.path}/userData`;
  assertEquals(stdout, `Wrote 22 bytes of user data to "${path}"\n`);
  assertEquals(await Deno.readTextFile(path), SCRIPT);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assert(!/secret|c2VjcmV0/.test(stdout + stderr), stdout + stderr);
});

Deno.test("userdata without user data fails, and leaves none of another VM", async () => {
  await using platform = await testPlatform();
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/userData`, "another VM's");
  const { code, stdout, stderr } = await runProgram([
    "userdata",
    ...platform.args,
    "--state-dir",
    dir.path,
  ], { writable: dir.path });
  assertEquals([code, stdout], [78, ""]);
  assertStringIncludes(
    stderr,
    "Nothing was done: the metadata has no user data",
  );
  assertEquals(await namesIn(dir.path), ["lock"]);
});

Deno.test("userdata that are not base64 are an error with words for a person, and replace what was there by nothing", async () => {
  await using platform = await testPlatform({ userData: "secret words!" });
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/userData`, "another VM's");
  const { code, stdout, stderr } = await runProgram([
    "userdata",
    ...platform.args,
    "--state-dir",
    dir.path,
  ], { writable: dir.path });
  assertEquals([code, stdout], [65, ""]);
  assertStringIncludes(
    stderr,
    "Error: The user data in the metadata is not base64; ",
  );
  assert(!stderr.includes("secret"), stderr);
  assertEquals(await namesIn(dir.path), ["lock"]);
});

Deno.test("userdata leaves the work to a run that is under way", async () => {
  await using platform = await testPlatform({ userData: btoa(SCRIPT) });
  await using dir = await tempDir();
  using lock = await Deno.open(`${dir.path}/lock`, {
    write: true,
    create: true,
    // As a run makes it: one that others can read is taken from them.
    mode: 0o600,
  });
  await lock.lock(true);
  const { code, stdout, stderr } = await runProgram([
    "userdata",
    ...platform.args,
    "--state-dir",
    dir.path,
  ], { writable: dir.path });
  assertEquals([code, stdout], [75, ""]);
  assertStringIncludes(stderr, "Error: Another run is under way");
  assertEquals(await namesIn(dir.path), ["lock"]);
});
