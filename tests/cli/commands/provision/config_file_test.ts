import { assert, assertEquals } from "@std/assert";
import { makePipe } from "../../../helpers/make_pipe.ts";
import { namesIn } from "../../../helpers/names_in.ts";
import { testPlatform } from "../../../helpers/platform.ts";
import { runProgram } from "../../../helpers/program.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { provision } from "./_provision.ts";

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
