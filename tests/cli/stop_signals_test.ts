import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatMark, markPath } from "../../lib/state/mark.ts";
import { namesIn } from "../helpers/names_in.ts";
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
    assertEquals(
      await namesIn(dir.path),
      command === "provision" ? ["lock", "status.json"] : [],
    );
  });
}

for (
  const [what, mark] of [
    ["a mark", {
      vmId: "1d000000-0000-4000-8000-000000000001",
      instanceId: "i._1",
    }],
    ["a mark without a VM's id", { instanceId: "i._1" }],
  ] as const
) {
  Deno.test(`provision ends with 143 soon after SIGTERM with ${what} and metadata that hang, and keeps the mark`, async () => {
    await using dir = await tempDir();
    const text = formatMark({
      ...mark,
      at: "2026-01-02T03:04:05.678Z",
      version: "0.0.1",
    });
    await Deno.writeTextFile(markPath(dir.path), text);
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await using test = await testPlatform({
      vmId: "1D000000-0000-4000-8000-000000000001",
      onEvent: (event) => event.fault !== undefined && resolve(),
    }, ["hang@metadata"]);
    const process = startProgram(
      ["provision", ...test.args, `--state-dir=${dir.path}`],
      { writable: dir.path },
    );
    const ended = finish(process);
    await asked;
    const before = performance.now();
    process.kill("SIGTERM");
    const result = await ended;
    assert(performance.now() - before < 2000);
    assertEquals(result.code, 143, result.stderr);
    assertStringIncludes(
      result.stderr,
      'Error: Stopped by SIGTERM before "provision" was done\n',
    );
    assertEquals(await Deno.readTextFile(markPath(dir.path)), text);
    assertEquals(test.platform.verdict().ready, false);
  });
}
