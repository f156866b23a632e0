import { assert, assertEquals } from "@std/assert";
import { target, temporaryFolder } from "../_fixtures.ts";
import { compileProgram } from "../../../tools/build/compile_program.ts";
import { sha256 } from "../../../tools/build/checksums.ts";

Deno.test("the same sources, compiled twice, give the same bytes, and leave nothing beside them, whatever a run that was cut off left", async () => {
  await using folder = await temporaryFolder();
  const sums: string[] = [];
  for (let time = 0; time < 2; time++) {
    const output = `${folder.path}/azure-provisioning`;
    await leaveParts(output);
    await compileProgram(target, output);
    sums.push(await sha256(await Deno.readFile(output)));
    assertEquals(
      (await Array.fromAsync(Deno.readDir(folder.path))).length,
      1,
      "only the program",
    );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert(sums[0] === sums[1], sums.join(" and "));
});

Deno.test("what was compiled before can be started until the new program takes its place", async () => {
  await using folder = await temporaryFolder();
  const output = `${folder.path}/azure-provisioning`;
  await Deno.writeTextFile(output, "");
  const removed: string[] = [];
  const watcher = Deno.watchFs(folder.path, { recursive: false });
  const watched = (async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "remove") removed.push(...paths);
      if (paths.includes(`${folder.path}/end`)) break;
    }
  })();

  await compileProgram(target, output);

  assert((await Deno.stat(output)).size > 0);
  await Deno.writeTextFile(`${folder.path}/end`, "");
  await watched;
  assertEquals(removed, [`${output}.parts`]);
});

/** What a compilation of other sources leaves when it is cut off. */
async function leaveParts(output: string): Promise<void> {
  const modules = `${output}.parts/modules`;
  await Deno.mkdir(modules, { recursive: true });
  await Deno.writeTextFile(`${modules}/mod-AAAAAAAA.js`, "export {};");
}
