import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { permissions } from "../../../lib/permissions.ts";
import { pool } from "../../helpers/pool.ts";
import { DENO_FLAGS, type ProgramResult, ROOT } from "../../helpers/program.ts";
import { RUNS_ALL } from "../../helpers/runs_all.ts";
import { createVm, VM_OBSTACLE } from "../../helpers/vm.ts";
import { type Lack, LACKS } from "./_lacks.ts";
import { isMissedElsewhere, MISSED_ELSEWHERE } from "./_missed_elsewhere.ts";

const FLAGS = permissions.map(({ flag }) => flag);

Deno.test({
  name:
    "the compiled permissions are the least: without any one of them, a first boot fails or warns",
  ignore: VM_OBSTACLE !== undefined,
  fn: async (t) => {
    assertEquals(
      LACKS.map((it) => it.without).sort(),
      FLAGS.flatMap(valuesOf).filter((it) => !isMissedElsewhere(it)).sort(),
      "each permission is in the table",
    );
    for (const [pattern, test] of MISSED_ELSEWHERE) {
      assert(FLAGS.flatMap(valuesOf).some((it) => pattern.test(it)));
      assert((await Deno.stat(`${ROOT}${test}`)).isFile);
    }
    const lacks = LACKS.filter((it) => RUNS_ALL || !it.slow);
    if (lacks.length < LACKS.length) {
      console.error(
        "Programs in folders other than /usr/bin are left out: set AZURE_PROVISIONING_TESTS=all",
      );
    }
    const whole = new Map<string, Promise<ProgramResult>>();
    const results = pool(lacks.map((it) => () => runBoth(it, whole)), 2);
    for (const [index, { without, code, says }] of lacks.entries()) {
      await t.step(`without ${without}`, async () => {
        const { all, less } = await results[index]!();
        assertEquals(all.code, 0, all.stderr);
        assertNotMatch(all.stderr, says);
        assertEquals(less.code, code, less.stderr);
        assertMatch(less.stderr, says);
      });
    }
  },
});

function valuesOf(flag: string): string[] {
  const values = flag.split("=")[1];
  return values?.includes(",") ? values.split(",") : [flag];
}

/** Runs a script with all permissions, once for each script, and with one less. */
async function runBoth(
  { script = "program", without }: Lack,
  whole: Map<string, Promise<ProgramResult>>,
): Promise<{ all: ProgramResult; less: ProgramResult }> {
  const all = whole.get(script) ?? boot(script, FLAGS);
  whole.set(script, all);
  return { all: await all, less: await boot(script, flagsWithout(without)) };
}

function flagsWithout(lack: string): string[] {
  return FLAGS.flatMap((flag) => {
    const values = valuesOf(flag);
    if (!values.includes(lack)) return [flag];
    const kept = values.filter((value) => value !== lack);
    return kept.length === 0 ? [] : [`${flag.split("=")[0]}=${kept.join(",")}`];
  });
}

/** Runs the program from source: the permissions are the same, and nothing has to be compiled. */
async function boot(
  script: string,
  flags: readonly string[],
): Promise<ProgramResult> {
  await using vm = await createVm({ root: "machine" });
  const platform = await vm.startPlatform([]);
  const result = await vm.run(programOf(flags) + script);
  await platform.stop();
  return result;
}

function programOf(flags: readonly string[]): string {
  const environment = ["HOME", "DENO_DIR", "JSR_URL"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [`export ${name}='${value}'`];
  }).join("; ");
  return `${environment}
  simulate=$0 deno='${Deno.execPath()}' enter=
  program() {
    $enter "$deno" run --quiet --no-prompt --cached-only --no-check ${
    [...DENO_FLAGS, ...flags].join(" ")
  } '${ROOT}main.ts' "\${command:-provision}" --timeout "\${seconds:-5}" "$@"
  }
  `;
}
