import { assert, assertEquals } from "@std/assert";
import { find, shellTest } from "../_shells.ts";
import { makeTree, USED_IMAGE } from "../_tree.ts";
import { endProcessesOf, endsWithin, start } from "./_signals.ts";

const GCC = await find("gcc");
if (GCC === undefined) {
  console.error(
    "Signals to a script that reads from a pipe are skipped: gcc is not installed",
  );
} else {
  shellTest(
    "a pipe that is swapped in while a tree is read holds up no signal",
    async (shell, folder) => {
      const { success } = await new Deno.Command(GCC, {
        args: [
          "-o",
          `${folder}/swapper`,
          new URL("../_swapper.c", import.meta.url).pathname,
        ],
      }).output();
      assert(success);
      let blocked = 0;
      for (let round = 0; round < 100 && blocked < 3; round++) {
        const here = `${folder}/${round}`;
        await makeTree(`${here}/tree`, USED_IMAGE);
        await new Deno.Command("mkfifo", { args: [`${here}/pipe`] }).output();
        const swapper = new Deno.Command(`${folder}/swapper`, {
          args: [`${here}/tree/etc/hosts`, `${here}/pipe`],
        }).spawn();
        try {
          const child = start(shell, "image/generalize.sh", here, [
            "--dry-run",
          ]);
          const inTime = await Promise.race([
            child.status.then(() => true),
            new Promise<false>((later) => setTimeout(() => later(false), 3000)),
          ]);
          if (inTime) continue;
          blocked++;
          assertEquals(await endsWithin(child, "SIGTERM", 1000), 143);
        } finally {
          swapper.kill("SIGKILL");
          await swapper.status;
        }
        assertEquals(await endProcessesOf(here), []);
      }
      assert(blocked > 0, "It never read from the pipe");
    },
  );
}
