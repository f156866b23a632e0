import { assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../../helpers/platform.ts";
import { runProgram } from "../../helpers/program.ts";

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
  const { code, stdout, stderr } = await runProgram(
    ["hostname", "no-such-vm"],
    {
      offline: true,
    },
  );
  assertEquals(code, 77, stderr);
  assertEquals(stdout, "");
  assertStringIncludes(
    stderr,
    'Error: Cannot set the host name "no-such-vm": ',
  );
});
