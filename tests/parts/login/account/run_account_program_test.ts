import { assertEquals, assertMatch } from "@std/assert";
import type { RunResult } from "../../../../lib/host/run_program.ts";
import type { LoginMachine } from "../../../../lib/parts/login/login_machine.ts";
import { runAccountProgram } from "../../../../lib/parts/login/account/run_account_program.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { testClock } from "../../../helpers/test_clock.ts";

const OK: RunResult = { kind: "ok" };
const FAILED: RunResult = { kind: "failed", reason: "adduser: oops" };

/** Runs a made-up program, and returns how it ended, how often it ran, what was logged and what is left. */
async function runBeside(
  leftovers: readonly string[],
  program: (etcDir: string, runs: number) => RunResult,
) {
  await using dir = await tempDir();
  for (const name of leftovers) {
    const path = `${dir.path}/${name}`;
    if (name === "passwd+/") await Deno.mkdir(path);
    else if (name === "group+@") {
      await Deno.symlink("passwd", path.slice(0, -1));
    } else await Deno.writeTextFile(path, "");
  }
  const log = recordingLog();
  let runs = 0;
  const machine: LoginMachine = {
    etcDir: dir.path,
    homesDirs: ["/nowhere"],
    stateDir: "/nowhere",
    run: () => Promise.resolve(program(dir.path, ++runs)),
    log,
    clock: testClock(),
    deadline: 1000,
  };
  const result = await runAccountProgram(machine, "adduser", ["azure"]);
  const left = await Array.fromAsync(Deno.readDir(dir.path), (it) => it.name);
  return { result, runs, lines: log.lines, left };
}

Deno.test("runAccountProgram() removes what keeps a program from working, and runs it once more", async () => {
  const { result, runs, lines, left } = await runBeside(
    ["passwd+", "passwd"],
    (_, runs) => runs === 1 ? FAILED : OK,
  );
  assertEquals([result, runs, left], [OK, 2, ["passwd"]]);
  assertMatch(
    lines.join("\n"),
    /Removed ".*\/passwd\+", which an interrupted program left there: adduser: oops/,
  );
});

Deno.test("runAccountProgram() leaves everything alone beside a program that works", async () => {
  const { result, runs, left } = await runBeside(["shadow.lock"], () => OK);
  assertEquals([result, runs, left], [OK, 1, ["shadow.lock"]]);
});

Deno.test("runAccountProgram() runs a program that fails for another reason once", async () => {
  const { result, runs } = await runBeside([], () => FAILED);
  assertEquals([result, runs], [FAILED, 1]);
});

Deno.test("runAccountProgram() leaves what another program puts there meanwhile", async () => {
  const { result, runs, left } = await runBeside(["group.lock"], (etcDir) => {
    Deno.removeSync(`${etcDir}/group.lock`);
    Deno.writeTextFileSync(`${etcDir}/group.lock`, "812");
    return FAILED;
  });
  assertEquals([result, runs, left], [FAILED, 1, ["group.lock"]]);
});

Deno.test("runAccountProgram() removes no link and no folder", async () => {
  const { runs, left } = await runBeside(["passwd+/", "group+@"], () => FAILED);
  assertEquals([runs, left.sort()], [1, ["group+", "passwd+"]]);
});
