import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { assertFirstBootLog } from "../../../helpers/assert_first_boot_log.ts";
import { testPlatform } from "../../../helpers/platform.ts";
import { runProgram } from "../../../helpers/program.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { FULL, ovfEnvXml, PASSWORD } from "../../../media/_ovf_env.ts";
import { provision } from "./_provision.ts";

Deno.test("provision reports ready, and is done at the next boot", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({
    vmId: "1D000000-0000-4000-8000-000000000001",
  });
  const first = await provision(dir.path, test.args);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.stdout, "");
  assert(test.platform.verdict().ready);
  assertFirstBootLog(first.stderr.split("\n"));
  // The tests' sandbox lets nobody rename this machine.
  assertMatch(
    first.stderr,
    /^Warning: Cannot set the host name "simulated-vm": .*; run as root, and check that \/etc is writable$/m,
  );

  const requests = test.platform.events.length;
  const second = await provision(dir.path, test.args);
  assertEquals(second.code, 0, second.stderr);
  assertEquals(second.stdout, "");
  assertStringIncludes(second.stderr, "nothing to do");
  const later = test.platform.events.slice(requests);
  assertEquals(later.map(({ service }) => service), ["imds"]);
});

Deno.test("provision is what runs without a command", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  const { code, stderr } = await runProgram(
    [...test.args, "--state-dir", dir.path],
    { writable: dir.path },
  );
  assertEquals(code, 0, stderr);
  assert(test.platform.verdict().ready);
});

Deno.test("provision --force reports ready again", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  for (const force of [[], ["--force"]]) {
    const { code, stderr } = await provision(dir.path, [
      ...test.args,
      ...force,
    ]);
    assertEquals(code, 0, stderr);
  }
  assertEquals(
    test.platform.events.filter(({ health }) => health?.state === "Ready")
      .length,
    2,
  );
});

Deno.test("provision takes custom data from the file that --ovf-env names, and leaves it there", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  const path = `${dir.path}/ovf-env.xml`;
  await Deno.writeTextFile(path, ovfEnvXml(FULL));
  const { code, stderr } = await runProgram([
    ...test.args,
    "--state-dir",
    dir.path,
    "--without",
    "hostname,user,ssh-keys",
    "--ovf-env",
    path,
    "--log-level",
    "debug",
  ], { writable: dir.path });
  assertEquals(code, 0, stderr);
  assertEquals(
    await Deno.readTextFile(`${dir.path}/customData`),
    atob(FULL.CustomData!),
  );
  assertEquals(await Deno.readTextFile(path), ovfEnvXml(FULL));
  assertEquals(stderr.includes(PASSWORD), false, stderr);
});
