import { assert, assertEquals } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { makeTree, USED_IMAGE } from "../_tree.ts";
import {
  endProcessesOf,
  endsWithin,
  halfFiles,
  SIGNALS,
  start,
} from "./_signals.ts";

shellTest(
  "a signal ends generalize.sh at any moment, with no half file, and another run finishes",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [`/var/log/${i}.log`, "line\n"]),
      ),
    });
    const hosts = ["127.0.0.1\tlocalhost\n", USED_IMAGE["/etc/hosts"]!];
    for (let moment = 0; moment < 20; moment++) {
      const child = start(shell, "image/generalize.sh", folder, [
        "--yes",
        "--logs",
      ]);
      await new Promise((done) => setTimeout(done, moment * 60));
      let code: number;
      try {
        code = await endsWithin(child, SIGNALS[moment % 3]![0], 1000);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        // It had ended.
        code = (await child.status).code;
      }
      assert([0, SIGNALS[moment % 3]![1]].includes(code), `${code}`);
      assertEquals(await endProcessesOf(folder), []);
      assertEquals(await halfFiles(folder), []);
      assert(hosts.includes(await Deno.readTextFile(`${root}/etc/hosts`)));
    }
    const last = start(shell, "image/generalize.sh", folder, [
      "--yes",
      "--logs",
    ]);
    assertEquals((await last.status).code, 0);
    assertEquals(await Deno.readTextFile(`${root}/etc/hosts`), hosts[0]);
  },
);
