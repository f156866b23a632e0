import { assertEquals, assertStringIncludes } from "@std/assert";
import { shellTest } from "./_shells.ts";
import { generalizeAtTerminal, SCRIPT } from "./_terminal.ts";
import { makeTree, readTree, USED_IMAGE } from "./_tree.ts";

if (SCRIPT === undefined) {
  console.error("Tests with a terminal are skipped: script is not installed");
} else {
  shellTest(
    "on a terminal only a yes in full goes on",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, USED_IMAGE);
      const before = await readTree(root);
      const answer = async (text: string): Promise<string> => {
        const child = generalizeAtTerminal({ shell, root });
        const writer = child.stdin.getWriter();
        await writer.write(new TextEncoder().encode(text));
        await writer.close();
        return new TextDecoder().decode((await child.output()).stdout);
      };
      for (const no of ["\n", "y\n", "no\n", "YES\n"]) {
        assertStringIncludes(await answer(no), "Nothing was changed.");
        assertEquals(await readTree(root), before);
      }
      assertStringIncludes(await answer("yes\n"), "Generalised the image");
    },
  );
}
