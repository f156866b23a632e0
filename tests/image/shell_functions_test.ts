import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { isThere } from "../../lib/files/is_there.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** Runs a script that has sourced the parts of install.sh, as a program of its own. */
async function sh(
  script: string,
  dir: string,
  path: string,
  shell = "/bin/sh",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(shell, {
    args: [
      ...(shell.endsWith("busybox") ? ["sh"] : []),
      "-c",
      `here=$1 dir=$2 units=$1/units
      for part in words printable messages tools supervise checksums paths tree mounts inside remove replace files; do
        . "$here/image/$part.sh"
      done
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

Deno.test("rewrite_through leaves the old text, and nothing else, where the command fails", async () => {
  await using temp = await tempDir();
  const file = `${temp.path}/list`;
  await Deno.writeTextFile(file, "TARGETS = ssh\n");
  for (const command of ["false", "sed '{'", "absent", "head -c 3 /absent"]) {
    const { stdout } = await sh(
      `if rewrite_through "$dir/list" ${command}; then echo done; else echo failed; fi`,
      temp.path,
      "/usr/bin:/bin",
    );
    assertEquals(stdout, "failed\n");
    assertEquals(await Deno.readTextFile(file), "TARGETS = ssh\n");
    assertEquals((await Array.fromAsync(Deno.readDir(temp.path))).length, 1);
  }
});

Deno.test({
  name:
    "without /proc, a folder that another file system is in is seen all the same",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using temp = await tempDir();
    const { stdout, stderr } = await sh(
      `mkdir -p "$dir/a/b" "$dir/c"
      : >"$dir/a/b/x"
      echo "$(holds_a_device "$dir/a"; echo $?) $(holds_a_device "$dir/c"; echo $?)"
      export dir here
      exec unshare --mount sh -c '
        . "$here/image/words.sh"
        . "$here/image/mounts.sh"
        mount -t tmpfs none "$dir/a/b" && : >"$dir/a/b/x" && mount -t tmpfs none "$dir/c"
        echo "$(holds_a_device "$dir/a"; echo $?) $(holds_a_device "$dir/c"; echo $?)"'`,
      temp.path,
      "/usr/sbin:/usr/bin:/bin",
    );
    assertEquals([stdout, stderr], ["1 1\n0 0\n", ""]);
  },
});

Deno.test("a text of a million lines is printed soon, as its beginning", async () => {
  await using temp = await tempDir();
  const started = performance.now();
  const { stdout, stderr } = await sh(
    `yes '' | head -n 1000000 >"$dir/text"
    say "x$(cat "$dir/text"; echo y)"`,
    temp.path,
    "/usr/bin:/bin",
  );
  assertEquals(stderr, "");
  assertEquals(stdout.slice(0, 9), "x\\n\\n\\n\\n");
  assertEquals(stdout.slice(-12), "(and more)\n".padStart(12));
  assert(performance.now() - started < 20_000);
});

Deno.test("enter sees that the folder has moved, whatever the shell says of where it is", async () => {
  for (const shell of ["/bin/sh", "/bin/bash", "/bin/busybox"]) {
    if (!isThere(shell)) continue;
    await using temp = await tempDir();
    // As if the folder had been swapped between the two times that the shell changes to it.
    const { stdout } = await sh(
      `cd() {
        command cd "$@" || return
        [ "$*" != "-P -- $dir/a" ] || { mv "$dir/a" "$dir/b"; mkdir "$dir/a"; }
      }
      mkdir "$dir/a"
      if enter "$dir/a"; then echo entered; else echo refused; fi`,
      temp.path,
      "/usr/bin:/bin",
      shell,
    );
    assertEquals(stdout, "refused\n", shell);
  }
});
