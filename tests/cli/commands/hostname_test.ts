import { assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

Deno.test("hostname --dry-run prints the name from the metadata, and what it changed about it", async () => {
  await using test = await testPlatform({ computerName: "", vmName: "x_0" });
  const { code, stdout, stderr } = await runProgram([
    ...test.args,
    "hostname",
    "--dry-run",
  ]);
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "x-0\n");
  assertEquals(
    stderr,
    'Warning: The name "x_0" from the metadata is used with "-" in place of "_"\n',
  );
  assertEquals(test.platform.events.map(({ service }) => service), ["imds"]);
});

Deno.test("hostname --dry-run takes the name of an old platform's leaf", async () => {
  await using test = await testPlatform({ vmName: "vm" }, ["old-metadata"]);
  const { code, stdout } = await runProgram([
    ...test.args,
    "hostname",
    "--dry-run",
  ]);
  assertEquals(code, 0);
  assertEquals(stdout, "vm\n");
});

Deno.test("hostname --dry-run prints a given name, without any network", async () => {
  assertEquals(
    await runProgram(["hostname", "--dry-run", "MyVM-01"], { offline: true }),
    { code: 0, stdout: "MyVM-01\n", stderr: "" },
  );
});

Deno.test("hostname ends with 65 if the metadata's name cannot be a host name", async () => {
  await using test = await testPlatform({ computerName: "a b; reboot" });
  const { code, stdout, stderr } = await runProgram([
    ...test.args,
    "hostname",
  ]);
  assertEquals(code, 65);
  assertEquals(stdout, "");
  assertStringIncludes(
    stderr,
    'Error: The name "a b; reboot" from the instance metadata cannot be a host name: it contains U+0020',
  );
});

Deno.test("hostname ends with 77, and prints no name, where the name may not be set", async () => {
  await using dir = await tempDir();
  const { code, stdout, stderr } = await runProgram(
    ["hostname", "no-such-vm", "--state-dir", dir.path],
    { offline: true, writable: dir.path },
  );
  assertEquals(code, 77, stderr);
  assertEquals(stdout, "");
  assertStringIncludes(
    stderr,
    'Error: Cannot set the host name "no-such-vm": ',
  );
});

Deno.test("hostname leaves the name to a run that is under way, and prints one all the same for --dry-run", async () => {
  await using dir = await tempDir();
  using lock = await Deno.open(`${dir.path}/lock`, {
    write: true,
    create: true,
    // As a run makes it: one that others can read is taken from them.
    mode: 0o600,
  });
  await lock.lock(true);
  const run = (...args: readonly string[]) =>
    runProgram(["hostname", "no-such-vm", "--state-dir", dir.path, ...args], {
      offline: true,
      writable: dir.path,
    });
  const { code, stdout, stderr } = await run();
  assertEquals([code, stdout], [75, ""], stderr);
  assertStringIncludes(stderr, "Error: Another run is under way");
  assertEquals((await run("--dry-run")).code, 0);
});
