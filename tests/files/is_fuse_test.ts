import { assertEquals } from "@std/assert";
import { isFuse } from "../../lib/files/is_fuse.ts";
import { C_OBSTACLE, compileC } from "../helpers/c_program.ts";
import { run } from "../helpers/command.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** Mounts a file system that nobody answers for, as a user's fusermount does, for a user other than root. */
const MOUNT = `
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char options[80];
  int fd = open("/dev/fuse", O_RDWR);
  if (argc != 2 || fd < 0) return 2;
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=1234,group_id=1234", fd);
  if (mount("fuse", argv[1], "fuse", 0, options) != 0) return 3;
  puts("mounted");
  fflush(stdout);
  char byte;
  return read(0, &byte, 1) < 0;
}
`;

Deno.test({
  name:
    "isFuse() knows a file system that an ordinary user mounted, and asks nobody",
  ignore: Deno.uid() !== 0 || C_OBSTACLE !== undefined ||
    (await run("test", ["-c", "/dev/fuse"])).code !== 0,
  fn: async () => {
    await using dir = await tempDir();
    const [folder, program] = [`${dir.path}/folder`, `${dir.path}/mount`];
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${program}.c`, MOUNT);
    await compileC(`${program}.c`, program);
    assertEquals(isFuse(folder), false);
    const child = new Deno.Command(program, {
      args: [folder],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    try {
      const { value } = await reader.read();
      assertEquals(new TextDecoder().decode(value), "mounted\n");
      assertEquals(isFuse(folder), true);
    } finally {
      await run("umount", ["--lazy", folder]);
      await child.stdin.close();
      await child.status;
      await reader.cancel();
    }
  },
});
