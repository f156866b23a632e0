import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** Runs a script that has sourced the parts of install.sh, as a program of its own. */
async function sh(
  script: string,
  dir: string,
  path: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `here=$1 dir=$2 units=$1/units
      . "$here/tools/image/common.sh"
      . "$here/tools/image/files.sh"
      . "$here/tools/image/tree.sh"
      ${script}`,
      "sh",
      ROOT,
      dir,
    ],
    clearEnv: true,
    env: { PATH: path },
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("use_tree does not take a tree for the running machine where stat is missing", async () => {
  await using temp = await tempDir();
  const { stdout } = await sh(
    'if use_tree "$dir"; then echo "root=[$root]"; else echo refused; fi',
    temp.path,
    temp.path,
  );
  assertEquals(stdout, "refused\n");
});

Deno.test("rewrite leaves the old text where the new one is empty, or cannot be written", async () => {
  await using temp = await tempDir();
  const file = `${temp.path}/list`;
  await Deno.writeTextFile(file, "TARGETS = ssh\n");
  // A folder in the new text's place, so that root cannot write it either.
  await Deno.mkdir(`${file}.azure-provisioning`);
  for (const text of ["", "TARGETS = ssh azure-provisioning"]) {
    const { stdout } = await sh(
      `if rewrite "$dir/list" '${text}'; then echo done; else echo failed; fi`,
      temp.path,
      "/usr/bin:/bin",
    );
    assertEquals(stdout, "failed\n");
    assertEquals(await Deno.readTextFile(file), "TARGETS = ssh\n");
  }
});
