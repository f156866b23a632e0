import { assert, assertEquals } from "@std/assert";
import { runOnTree, shellTest } from "../_shells.ts";
import { makeTree, readTree } from "../_tree.ts";
import { BOUND } from "./_bound.ts";
import { checkOf, MAC, NAMED } from "./_cards.ts";

shellTest(
  "check names each file that is bound to a MAC address, and a remedy",
  async (shell, folder) => {
    for (let from = 0; from < BOUND.length; from += NAMED) {
      const root = `${folder}/${from}`;
      const files = BOUND.slice(from, from + NAMED);
      await makeTree(root, {
        "/etc": undefined,
        ...Object.fromEntries(files),
      });
      const { status, message, remedy } = await checkOf(
        shell,
        root,
        "mac_addresses",
      );
      assertEquals(status, "warning");
      for (const [path, , mac = MAC] of files) {
        assert(
          message.includes(`${root}${path} (${mac})`),
          `${path}: ${message}`,
        );
        assert(remedy.includes(`${root}${path}`), `${path}: ${remedy}`);
      }
    }
  },
);

shellTest(
  "generalize names each file that is bound to a MAC address, and keeps it",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, Object.fromEntries(BOUND));
    const { message } = await checkOf(shell, root, "mac_addresses");
    assert(message.endsWith(` and ${BOUND.length - NAMED} more`), message);
    const before = await readTree(root);
    const { code, stdout } = await runOnTree(shell, "generalize.sh", root, [
      "--yes",
    ]);
    assertEquals(code, 0);
    const after = await readTree(root);
    for (const [path, , mac = MAC] of BOUND) {
      const words =
        `is bound to the MAC address ${mac}, which no other VM has: `;
      assert(
        stdout.split("\n").some((line) =>
          line.includes(path) && line.includes(words)
        ),
        `${path}: ${stdout}`,
      );
      assertEquals(after.get(path), before.get(path));
    }
  },
);

shellTest(
  "generalize removes the rules that udev or an installer writes again, whatever their number",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const rule = `SUBSYSTEM=="net", ATTR{address}=="${MAC}", NAME="eth0"\n`;
    await makeTree(root, {
      "/etc/udev/rules.d/60-persistent-net.rules": rule,
      "/etc/udev/rules.d/70-persistent-net.rules": rule,
      "/etc/udev/rules.d/70-mine.rules": rule,
    });
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(
      [...(await readTree(root)).keys()].filter((path) =>
        path.endsWith(".rules")
      ),
      ["/etc/udev/rules.d/70-mine.rules"],
    );
  },
);
