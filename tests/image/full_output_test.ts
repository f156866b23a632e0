import { assertEquals } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { run, shellTest } from "./_shells.ts";
import { makeTree, readTree, USED_IMAGE } from "./_tree.ts";

shellTest(
  "an error that cannot be printed ends no other step",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    // No file gets any text, so what is edited stays.
    const { code, stdout } = await run([
      ...shell.command,
      "-c",
      'ulimit -f 0; exec "$@" 2>/dev/full',
      "sh",
      ...shell.command,
      `${ROOT}image/generalize.sh`,
      `--root=${root}`,
      "--yes",
      "--logs",
    ], { PATH: shell.path });
    assertEquals(code, 73, stdout);
    const after = await readTree(root);
    assertEquals(
      ["/etc/hosts", "/etc/hostname"].map((path) => after.get(path)),
      ["/etc/hosts", "/etc/hostname"].map((path) =>
        `644 ${Deno.uid()}:${Deno.gid()} ${USED_IMAGE[path]}`
      ),
    );
    // Later steps.
    for (const path of ["/root/.bash_history", "/var/log/syslog.2.gz"]) {
      assertEquals(after.has(path), false, path);
    }
    assertEquals(
      [...after.keys()].filter((path) => path.includes("-new")),
      [],
    );
  },
);
