import { assert, assertEquals } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { generalizeAtTerminal, SCRIPT } from "../_terminal.ts";
import { makeTree, readTree, USED_IMAGE } from "../_tree.ts";
import { endProcessesOf, SIGNALS } from "./_signals.ts";

if (SCRIPT === undefined) {
  console.error("Signals at the question are skipped: script is not installed");
} else {
  for (const [signal, status] of SIGNALS) {
    shellTest(
      `${signal} ends generalize.sh that waits for an answer, and nothing is changed`,
      async (shell, folder) => {
        const root = `${folder}/tree`;
        await makeTree(root, USED_IMAGE);
        const before = await readTree(root);
        const child = generalizeAtTerminal({
          shell,
          root,
          pidFile: `${folder}/pid`,
        });
        const writer = child.stdin.getWriter();
        let output = "", sent = 0;
        for await (
          const text of child.stdout.pipeThrough(new TextDecoderStream())
        ) {
          output += text;
          if (sent > 0 || !output.includes('Type "yes"')) continue;
          sent = performance.now();
          if (signal === "SIGINT") {
            // As somebody does at a terminal.
            await writer.write(new Uint8Array([3]));
          } else {
            Deno.kill(
              Number(await Deno.readTextFile(`${folder}/pid`)),
              signal,
            );
          }
        }
        const { code } = await child.status;
        assert(performance.now() - sent < 1000, output);
        await writer.close().catch(() => {});
        assertEquals(code, status, output);
        assertEquals(await endProcessesOf(folder), []);
        assertEquals(await readTree(root), before);
      },
    );
  }
}
