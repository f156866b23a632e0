import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { NO_PLATFORM } from "../../../helpers/closed_platform.ts";
import { testPlatform } from "../../../helpers/platform.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { provision } from "./_provision.ts";

Deno.test("provision provisions a VM that was made from another one's image", async () => {
  await using dir = await tempDir();
  await using image = await testPlatform({
    vmId: "1a000000-0000-4000-8000-000000000001",
  });
  await using copy = await testPlatform({
    vmId: "c0000000-0000-4000-8000-000000000001",
  });
  assertEquals((await provision(dir.path, image.args)).code, 0);
  const { code, stderr } = await provision(dir.path, copy.args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(
    stderr,
    'The mark belongs to the VM "1a000000-0000-4000-8000-000000000001", this is "c0000000-0000-4000-8000-000000000001": provisioning',
  );
  assert(copy.platform.verdict().ready);
});

Deno.test("provision provisions a VM made from an image with a mark although the metadata stay away", async () => {
  await using dir = await tempDir();
  await using image = await testPlatform({
    vmId: "1a000000-0000-4000-8000-000000000001",
    instanceId: "image._1",
  });
  await using copy = await testPlatform({
    vmId: "c0000000-0000-4000-8000-000000000001",
    instanceId: "copy._1",
  }, ["503@metadata"]);
  assertEquals((await provision(dir.path, image.args)).code, 0);
  const { code, stderr } = await provision(dir.path, [
    ...copy.args,
    "--timeout=3",
  ]);
  assertEquals(code, 0, stderr);
  assert(copy.platform.verdict().ready, stderr);
});

Deno.test("provision ends with 69 where a mark's VM can be told from nothing, and keeps the mark", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  assertEquals((await provision(dir.path, test.args)).code, 0);
  const mark = await Deno.readTextFile(`${dir.path}/provisioned.json`);
  const { code, stderr } = await provision(dir.path, [
    ...NO_PLATFORM,
    "--timeout=1",
  ]);
  assertEquals(code, 69, stderr);
  assertMatch(stderr, /^Error: Cannot get the goal state from /m);
  assertEquals(await Deno.readTextFile(`${dir.path}/provisioned.json`), mark);
});
