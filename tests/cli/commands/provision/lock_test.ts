import { assert, assertEquals } from "@std/assert";
import { namesIn } from "../../../helpers/names_in.ts";
import { testPlatform } from "../../../helpers/platform.ts";
import { finish, startProgram } from "../../../helpers/program.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { provision } from "./_provision.ts";

Deno.test("provision ends with 75 while another run is under way, and leaves that alone", async () => {
  await using dir = await tempDir();
  const { promise: underWay, resolve } = Promise.withResolvers<void>();
  // Each 503 asks for a second, in which the other run starts.
  await using test = await testPlatform(
    { onEvent: () => resolve() },
    ["503@goal-state=3"],
  );
  const first = provision(dir.path, test.args);
  await underWay;
  const second = await provision(dir.path, test.args);
  const { code, stderr } = await first;
  assertEquals(code, 0, stderr);
  assertEquals(second.code, 75, second.stderr);
  assertEquals(
    second.stderr,
    `Error: Another run is under way and holds the lock "${dir.path}/lock"; this run leaves the work to it\n`,
  );
  assertEquals(
    test.platform.events.filter(({ method }) => method === "POST").length,
    1,
  );
  assertEquals(await namesIn(dir.path), [
    "lock",
    "provisioned.json",
    "status.json",
  ]);
  assertEquals((await Deno.stat(`${dir.path}/lock`)).size, 0);
});

Deno.test("provision is kept waiting by no run that was killed", async () => {
  await using dir = await tempDir();
  const { promise: underWay, resolve } = Promise.withResolvers<void>();
  await using hung = await testPlatform(
    { onEvent: () => resolve() },
    ["hang@goal-state", "hang@metadata"],
  );
  const killed = startProgram(
    ["provision", "--state-dir", dir.path, ...hung.args],
    { writable: dir.path },
  );
  const ended = finish(killed);
  await underWay;
  killed.kill("SIGKILL");
  await ended;
  await using test = await testPlatform();
  const { code, stderr } = await provision(dir.path, test.args);
  assertEquals(code, 0, stderr);
  assert(test.platform.verdict().ready);
});
