import { assertEquals } from "@std/assert";
import { ensureHome } from "../../../lib/parts/login/ensure_home.ts";
import { ANOTHER_UID, listing, owned, rootTest, UID } from "./_home.ts";

rootTest(
  "ensureHome() creates a home that is missing",
  async ({ home, account, homesDir }) => {
    await Deno.remove(home);
    ensureHome(account, { homesDirs: [homesDir], etcDir: "/nonexistent" }, {
      isNew: false,
    });
    const { uid, gid, mode } = await Deno.lstat(home);
    assertEquals([uid, gid, mode! & 0o777], [UID, UID, 0o700]);
    assertEquals(
      (await Array.fromAsync(Deno.readDir(homesDir))).map((it) => it.name),
      [
        "azure",
      ],
    );
  },
);

for (const [uid, mode] of [[0, 0o700], [0, 0], [UID, 0]] as const) {
  rootTest(
    `ensureHome() finishes an empty home of ${uid} with the mode ${mode}`,
    async ({ home, account, homesDir }) => {
      await owned(home, mode, uid);
      ensureHome(account, { homesDirs: [homesDir], etcDir: "/nonexistent" }, {
        isNew: false,
      });
      const info = await Deno.lstat(home);
      assertEquals([info.uid, info.mode! & 0o777], [UID, 0o700]);
    },
  );
}

rootTest(
  "ensureHome() leaves any other home alone",
  async ({ home, account, homesDir, outside }) => {
    const left = async (arrange: () => Promise<unknown>) => {
      await arrange();
      const before = await listing(homesDir);
      ensureHome(account, { homesDirs: [homesDir], etcDir: "/nonexistent" }, {
        isNew: false,
      });
      assertEquals(await listing(homesDir), before);
    };
    await left(() => owned(home, 0o755));
    await left(() => owned(home, 0o755, 0));
    await left(() => owned(home, 0o700, ANOTHER_UID));
    await left(async () => {
      await Deno.writeTextFile(`${home}/file`, "");
      await owned(home, 0o700, 0);
    });
    await left(async () => {
      await Deno.remove(home, { recursive: true });
      await Deno.symlink(outside, home);
    });
  },
);

rootTest(
  "ensureHome() does not give the folder of homes away",
  async ({ account, homesDir, home }) => {
    await Deno.remove(home);
    await Deno.chmod(homesDir, 0o700);
    ensureHome(
      { ...account, home: `${homesDir}/.` },
      { homesDirs: [homesDir], etcDir: "/nonexistent" },
      { isNew: false },
    );
    assertEquals((await Deno.stat(homesDir)).uid, 0);
  },
);
