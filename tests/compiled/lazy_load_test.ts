import { assertEquals, assertStringIncludes } from "@std/assert";
import { tempDir } from "../helpers/temp_dir.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";
import { permissionFlags } from "../../lib/permissions.ts";
import { bundle } from "../../tools/build/bundle.ts";
import { HOST } from "../../tools/build/names.ts";
import { RUNTIME } from "../../tools/build/runtime.ts";

/** `Deno.Command` needs these, and no other way starts the program that sets the host name. */
const OF_COMMAND = [
  "ext:deno_fetch/21_formdata.js",
  "ext:deno_fetch/22_body.js",
  "ext:deno_process/40_process.js",
  "ext:deno_web/01_mimesniff.js",
  "ext:deno_web/02_structured_clone.js",
  "ext:deno_web/06_streams.js",
];

const OBSTACLE = RUNTIME.codeCache
  ? 'it needs Deno 2.9 or later on PATH, which has "DENO_LOG_LAZY_LOAD"'
  : VM_OBSTACLE;
if (OBSTACLE !== undefined) {
  console.error(
    `The test of what the runtime compiles in a first boot is skipped: ${OBSTACLE}`,
  );
}

/** The modules that the runtime says it has loaded, each compiled from source. */
function loadedIn(log: string): string[] {
  return [...log.matchAll(/^\[lazy\] \S+ +(\S+)/gm)].map((it) => it[1]!).sort();
}

Deno.test({
  name:
    "a first boot has the runtime compile nothing but what starts other programs",
  ignore: OBSTACLE !== undefined,
  fn: async () => {
    await using dir = await tempDir();
    const { config, entry } = await bundle(dir.path, false);
    const other = `${dir.path}/other.js`;
    await Deno.writeTextFile(other, "setTimeout(() => {});");
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform([]);
    const run = (words: string) =>
      vm.run(
        [
          `DENO_LOG_LAZY_LOAD=1 DENO_NO_UPDATE_CHECK=1 DENO_DIR="${dir.path}/deno"`,
          `"${Deno.execPath()}" run --quiet --no-prompt --no-lock --cached-only`,
          `--config="${config}" --allow-import=${HOST}`,
          ...permissionFlags.map((flag) => `"${flag}"`),
          words,
        ].join(" "),
      );
    const boot = await run(`"${entry}"`);
    assertEquals(boot.code, 0, boot.stderr);
    assertStringIncludes(boot.stderr, "Provisioned: ");
    assertEquals(
      loadedIn(boot.stderr).filter((it) => !OF_COMMAND.includes(it)),
      [],
    );
    // What is imported only now is there as well.
    const help = await run(`"${entry}" --help`);
    assertStringIncludes(help.stdout, "Commands:");
    const status = await run(`"${entry}" status`);
    assertStringIncludes(status.stdout, "Ready");
    await platform.stop();
    const silent = await run(`"${entry}" --force --timeout 1`);
    assertEquals(silent.code, 69, silent.stderr);
    const withUser = await vm.startPlatform([
      ...["--admin-username", "nobody-here", "--allow-passwords"],
    ]);
    const user = await run(`"${entry}" --force`);
    assertStringIncludes(user.stderr, '"nobody-here"');
    await withUser.stop();
    const { stderr } = await run(`"${other}"`);
    assertEquals(loadedIn(stderr).includes("node:timers"), true, stderr);
  },
});
