import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../../../helpers/platform.ts";
import { runProgram } from "../../../helpers/program.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { provision } from "./_provision.ts";

Deno.test("provision warns if the mark cannot be written, and ends with 0, as the VM is ready", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  const { code, stderr } = await provision(`${dir.path}/file`, test.args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "Warning: Cannot write the mark");
  assert(test.platform.verdict().ready);
});

Deno.test("provision asks nobody anything if it may not write the state directory that is named", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  const { code, stdout, stderr } = await runProgram(
    ["provision", ...test.args, `--state-dir=${dir.path}/elsewhere`],
    { writable: `${dir.path}/state` },
  );
  assertEquals(code, 64);
  assertEquals(stdout, "");
  assertEquals(
    stderr,
    `Error: The option "--state-dir" names "${dir.path}/elsewhere", but the program was compiled without the permission to write there; omit the option, or name a folder in "/var/lib/azure-provisioning" (see "azure-provisioning --help")\n`,
  );
  assertEquals(test.platform.events, []);
});

Deno.test("provision warns before it asks for anything that the state directory cannot be used, and reports ready all the same", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  await using test = await testPlatform();
  const { code, stderr } = await runProgram(
    ["provision", ...test.args, `--state-dir=${dir.path}/file`],
    { writable: dir.path },
  );
  assertEquals(code, 0);
  assert(test.platform.verdict().ready);
  assertEquals(
    /^Warning: Cannot open the lock "[^"]*\/file\/lock": [^\n]+, and likely without a mark, so that the next boot would provision again\n/
      .test(stderr),
    true,
    stderr,
  );
});
