import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../helpers/platform.ts";
import { finish, startProgram } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

for (
  const [signal, code, command, fault] of [
    ["SIGTERM", 143, "provision", "hang@goal-state"],
    ["SIGTERM", 143, "provision", "503@goal-state"],
    ["SIGTERM", 143, "provision", "hang@metadata"],
    ["SIGINT", 130, "goal-state", "hang@goal-state"],
    ["SIGHUP", 129, "hostname", "hang@metadata"],
  ] as const
) {
  Deno.test(`${command} ends with ${code} and a line soon after ${signal}, with the fault ${fault}`, async () => {
    await using dir = await tempDir();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await using test = await testPlatform({
      onEvent: (event) => event.fault !== undefined && resolve(),
    }, [fault]);
    const process = startProgram(
      [command, ...test.args, `--state-dir=${dir.path}`],
      { writable: dir.path },
    );
    const ended = finish(process);
    await asked;
    const before = performance.now();
    process.kill(signal);
    const result = await ended;
    assert(performance.now() - before < 2000);
    assertEquals(result.code, code, result.stderr);
    assertEquals(result.stdout, "");
    assertStringIncludes(
      result.stderr,
      `Error: Stopped by ${signal} before "${command}" was done\n`,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(dir.path)), []);
  });
}
