import { assert, assertEquals } from "@std/assert";
import { DEFAULT_OPTIONS } from "../../lib/cli/options.ts";
import {
  CHASSIS_TAG_PATH,
  isChassisOfAnother,
} from "../../lib/host/chassis_tag.ts";
import { PROGRAM_FOLDERS } from "../../lib/host/program_folders.ts";
import { runProgram } from "../../lib/host/run_program.ts";
import { KVP_POOL } from "../../lib/parts/telemetry/kvp_pool.ts";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { HOMES_DIRS } from "../../lib/parts/login/login_names.ts";

function read(path: string): Promise<string> {
  return Deno.readTextFile(`${ROOT}${path}`);
}

/** The value of a variable of `units/common/this-vm`. */
async function valueOf(name: string): Promise<string> {
  const script = await read("units/common/this-vm");
  const match = new RegExp(`^${name}=(\\S+)$`, "m").exec(script);
  assert(match !== null, name);
  return match[1]!;
}

Deno.test("this-vm reads the same chassis tag as the program", async () => {
  assertEquals(await valueOf("tag_file"), CHASSIS_TAG_PATH);
});

Deno.test("this-vm knows the same tag of Azure as the program", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/tag`;
  const tag = await valueOf("azure_tag");
  const { signal } = new AbortController();
  const isAnother = async (tag: string) => {
    await Deno.writeTextFile(path, `${tag}\n`);
    return await isChassisOfAnother({ run: runProgram }, { signal, path });
  };
  assertEquals(await isAnother(tag), false);
  assertEquals(await isAnother(tag.slice(1)), true);
  assertEquals(await isAnother(tag.slice(0, -1)), true);
});

Deno.test("this-vm has the same state directory as the program", async () => {
  assertEquals(await valueOf("state"), DEFAULT_OPTIONS.stateDir);
});

Deno.test("install.sh --check looks for programs in the folders of the program", async () => {
  const names = (await Array.fromAsync(Deno.readDir(`${ROOT}image`)))
    .map(({ name }) => name);
  const scripts = await Promise.all(names.map((name) => read(`image/${name}`)));
  const [, body = ""] = /^tree_program\(\) \{\n(.*?)^\}/ms.exec(
    scripts.join("\n"),
  ) ?? [];
  assertEquals(
    [...body.matchAll(/"(\/[^"]+)\/\$1"/g)].map(([, folder]) => folder),
    [...PROGRAM_FOLDERS],
  );
});

Deno.test("the unit may write the pool that the program writes", async () => {
  const unit = await read("units/systemd/azure-provisioning.service");
  assert(unit.split("\n").includes(`ReadWritePaths=-${KVP_POOL}`));
});

for (const path of ["image/login_checks.sh", "units/common/homes"]) {
  Deno.test(`${path} knows the same folders of homes as the program`, async () => {
    const [, folders = ""] = /^homes_folders='(.*)'$/m.exec(await read(path)) ??
      [];
    assertEquals(folders.split(" "), [...HOMES_DIRS]);
  });
}
