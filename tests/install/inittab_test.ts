import { assertEquals, assertStringIncludes } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

const BEGIN = "# azure-provisioning: begin\n";
const END = "# azure-provisioning: end\n";
const OURS = "::once:/usr/local/lib/azure-provisioning/first-boot\n";
const MINE = "::respawn:/sbin/getty 38400 tty1\n";

/** What somebody made of the lines, and what --uninstall leaves of them. */
const CHANGED: readonly {
  readonly name: string;
  readonly change: (text: string) => string;
  readonly left: string;
}[] = [
  {
    name: "the end mark is gone",
    change: (text) => text.replace(END, MINE),
    left: MINE,
  },
  {
    name: "the end mark is gone, and nothing follows",
    change: (text) => text.replace(END, ""),
    left: "",
  },
  {
    name: "lines were added before the end mark",
    change: (text) => text.replace(END, MINE + END),
    left: MINE,
  },
  {
    name: "lines were added after the end mark, without an end",
    change: (text) => text + MINE.trimEnd(),
    left: MINE.trimEnd(),
  },
];

for (const { name, change, left } of CHANGED) {
  installTest(
    `takes its own lines out of /etc/inittab where ${name}`,
    async ({ root, install }) => {
      const inittab = `${root}/etc/inittab`;
      const before = "::sysinit:/etc/rc\n";
      await makeTree(root, BARE, INITS["busybox"]!, { "etc/inittab": before });
      await install();
      assertEquals(
        await Deno.readTextFile(inittab),
        before + BEGIN + OURS + END,
      );
      await Deno.writeTextFile(
        inittab,
        change(await Deno.readTextFile(inittab)),
      );
      const { code, stderr } = await install(["--uninstall"]);
      assertEquals([code, stderr], [0, ""]);
      assertEquals(await Deno.readTextFile(inittab), before + left);
    },
  );
}

installTest(
  "leaves lines in /etc/inittab that are not its own any more, says so, and takes them back when that is mended",
  async ({ root, install }) => {
    const inittab = `${root}/etc/inittab`;
    await makeTree(root, BARE, INITS["busybox"]!, { "etc/inittab": MINE });
    const before = await snapshot(root);
    await install();
    const installed = await Deno.readTextFile(inittab);
    const changed = `${MINE}${BEGIN}#${OURS}${MINE}`;
    await Deno.writeTextFile(inittab, changed);

    const again = await install();
    assertEquals(again.code, 73);
    assertStringIncludes(again.stderr, `${inittab} has lines after "# azure`);

    const { code, stderr } = await install(["--uninstall"]);
    assertEquals(code, 73);
    assertStringIncludes(stderr, `${inittab} has lines after "# azure`);
    assertEquals(await Deno.readTextFile(inittab), changed);

    await Deno.writeTextFile(inittab, installed);
    assertEquals((await install(["--uninstall"])).code, 0);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "replaces the lines in /etc/inittab that an earlier version put there",
  async ({ root, install }) => {
    const inittab = `${root}/etc/inittab`;
    const manifest = `${root}/usr/local/lib/azure-provisioning/manifest`;
    await makeTree(root, BARE, INITS["busybox"]!, { "etc/inittab": MINE });
    const before = await snapshot(root);
    await install();
    const installed = await Deno.readTextFile(inittab);
    const earlier = `${BEGIN}::once:/earlier\n${END}`;
    await Deno.writeTextFile(inittab, `${MINE}${earlier}${MINE}`);
    const sum = new Uint8Array(
      await crypto.subtle.digest("SHA-256", new TextEncoder().encode(earlier)),
    ).toHex();
    await Deno.writeTextFile(
      manifest,
      (await Deno.readTextFile(manifest))
        .replace(/^lines \S+/m, `lines ${sum}`),
    );
    assertEquals((await install()).code, 0);
    assertEquals(
      await Deno.readTextFile(inittab),
      `${MINE}${MINE}${BEGIN}${OURS}${END}`,
    );
    await Deno.writeTextFile(inittab, installed);
    assertEquals((await install(["--uninstall"])).code, 0);
    assertEquals(await snapshot(root), before);
  },
);
