import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { NO_PLATFORM } from "../../helpers/closed_platform.ts";
import { namesIn } from "../../helpers/names_in.ts";
import { makePipe } from "../../helpers/make_pipe.ts";
import { testPlatform } from "../../helpers/platform.ts";
import { FULL, ovfEnvXml, PASSWORD } from "../../media/_ovf_env.ts";
import {
  finish,
  type ProgramResult,
  runProgram,
  startProgram,
} from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

/** Runs `provision` against a platform, with a state directory that it may write. */
function provision(
  stateDir: string,
  args: readonly string[],
): Promise<ProgramResult> {
  return runProgram(["provision", "--state-dir", stateDir, ...args], {
    writable: stateDir,
  });
}

Deno.test("provision reports ready, and is done at the next boot", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({
    vmId: "1D000000-0000-4000-8000-000000000001",
  });
  const first = await provision(dir.path, test.args);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.stdout, "");
  assert(test.platform.verdict().ready);
  for (
    const line of [
      "Retrieving goal state from the Wireserver",
      "ContainerId: 7b324f53-983a-43bc-b919-1775d6077608",
      "InstanceId: fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
      "Incarnation: 42",
      "Sending the following data to Wireserver:",
      "Response: 200 OK",
    ]
  ) assert(first.stderr.split("\n").includes(line), line);
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

Deno.test("provision reports ready although the metadata stay away", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({}, ["503@metadata"]);
  const { code, stderr } = await provision(dir.path, [
    ...test.args,
    "--timeout=3",
  ]);
  assertEquals(code, 0, stderr);
  assert(test.platform.verdict().ready);
  assertMatch(
    stderr,
    /^Warning: Cannot get the instance metadata from 127\.0\.0\.1:\d+: .* 503 .*the VM keeps the name that it has$/m,
  );
});

for (
  const [what, options, faults, code, key] of [
    ["the name may not be set", {}, [], 77, "host_name_not_set"],
    [
      "the name cannot be one",
      { computerName: "-vm" },
      [],
      65,
      "host_name_invalid",
    ],
    [
      "there is no name",
      { computerName: "", vmName: "" },
      [],
      65,
      "host_name_absent",
    ],
    [
      "the metadata stay away",
      {},
      ["503@metadata"],
      75,
      "metadata_unavailable",
    ],
  ] as const
) {
  Deno.test(`provision --require-hostname reports NotReady where ${what}`, async () => {
    await using dir = await tempDir();
    await using test = await testPlatform(options, faults);
    const result = await provision(dir.path, [
      ...test.args,
      "--require-hostname",
      "--timeout=3",
    ]);
    assertEquals(result.code, code, result.stderr);
    const { ready, notReady } = test.platform.verdict();
    assert(!ready);
    assertEquals(notReady?.subStatus, "ProvisioningFailed");
    assertStringIncludes(notReady!.description, `${key}: `);
    assertEquals(await namesIn(dir.path), ["lock", "status.json"]);
  });
}

Deno.test("provision warns if the mark cannot be written, and ends with 0, as the VM is ready", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  const { code, stderr } = await provision(`${dir.path}/file`, test.args);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "Warning: Cannot write the mark");
  assert(test.platform.verdict().ready);
});

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

Deno.test("a command ends at once, sends nothing and names file and line, if the configuration file that it is given is wrong", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({ adminUsername: "ada" });
  const config = `${dir.path}/conf`;
  await Deno.writeTextFile(config, "timeout = 9\nwithuot = dns\n");
  const stateDir = `${dir.path}/state`;
  for (const command of ["provision", "user"]) {
    const { code, stdout, stderr } = await runProgram(
      [command, ...test.args, "--state-dir", stateDir, "--config", config],
      { writable: dir.path },
    );
    assertEquals([code, stdout, stderr], [
      78,
      "",
      `Error: Cannot use the configuration file "${config}": line 2: Unknown key "withuot"; did you mean "without"?\n`,
    ]);
  }
  assertEquals(test.platform.events, []);
  assertEquals(await namesIn(dir.path), ["conf"]);
});

Deno.test("provision ends at once if others can write the configuration file that it is given", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  const config = `${dir.path}/conf`;
  await Deno.writeTextFile(config, "agent-name = evil\n");
  await Deno.chmod(config, 0o666);
  const { code, stderr } = await provision(dir.path, [
    ...test.args,
    `--config=${config}`,
  ]);
  assertEquals([code, stderr], [
    78,
    `Error: Cannot use the configuration file "${config}": it is writable by everybody; check its content, then let only its owner write it\n`,
  ]);
  assertEquals(test.platform.events, []);
});

Deno.test("provision ends at once with a usage error if the configuration file that it is given cannot be read, also on a VM that is done", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform();
  await makePipe(`${dir.path}/pipe`);
  for (const isDone of [false, true]) {
    const before = test.platform.events.length;
    for (
      const [name, problem] of [
        ["none", "No such file or directory"],
        ["pipe", "it is not a file"],
      ] as const
    ) {
      const config = `${dir.path}/${name}`;
      const { code, stderr } = await provision(dir.path, [
        ...test.args,
        `--config=${config}`,
      ]);
      assertEquals(code, 64, stderr);
      assert(
        stderr.startsWith(
          `Error: Cannot use the configuration file "${config}": ${problem}`,
        ),
        stderr,
      );
      assertEquals(stderr.split("\n").length, 2);
    }
    assertEquals(test.platform.events.length, before);
    if (!isDone) assertEquals((await provision(dir.path, test.args)).code, 0);
  }
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
