import { assertEquals } from "@std/assert";
import { ensureHome } from "../../../../lib/parts/login/home/ensure_home.ts";
import { ANOTHER_UID, listing, owned, rootTest, UID } from "../_home.ts";

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
    await left(() => owned(home, 0o700, ANOTHER_UID));
    await left(() => owned(home, 0o775, 0));
    await left(() => owned(home, 0o757, 0));
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

/** A home of root's with what useradd would have put there, and what it would not. */
async function leftToRoot(home: string, outside: string): Promise<void> {
  await Deno.mkdir(`${outside}/skel/.config/deep`, { recursive: true });
  await Deno.mkdir(`${home}/.config/deep`, { recursive: true });
  await Deno.mkdir(`${home}/.ssh`, { mode: 0o700 });
  for (
    const name of [".bashrc", ".config/deep/a", ".linked", ".suid", ".link"]
  ) {
    await Deno.writeTextFile(`${outside}/skel/${name}`, "");
    if (name !== ".link") await Deno.writeTextFile(`${home}/${name}`, "");
  }
  await Deno.writeTextFile(`${home}/.ssh/authorized_keys`, "");
  await Deno.writeTextFile(`${home}/secret`, "");
  await Deno.link(`${home}/.linked`, `${outside}/linked`);
  await Deno.chmod(`${home}/.suid`, 0o4755);
  await Deno.symlink(`${outside}/linked`, `${home}/.link`);
}

for (
  const [mode, expected] of [[0o755, 0o755], [0o700, 0o700], [
    0o500,
    0o700,
  ]] as const
) {
  rootTest(
    `ensureHome() gives a home that was left to root with the mode ${mode}, and what useradd would have put there`,
    async ({ home, account, homesDir, outside }) => {
      await leftToRoot(home, outside);
      await owned(home, mode, 0);
      const machine = { homesDirs: [homesDir], etcDir: outside };
      assertEquals(ensureHome(account, machine, { isNew: false }), true);
      const owners: Record<string, number | null> = {};
      for (
        const path of [
          "",
          ".bashrc",
          ".config",
          ".config/deep/a",
          ".ssh",
          ".ssh/authorized_keys",
          "secret",
          ".linked",
          ".suid",
          ".link",
        ]
      ) owners[path] = (await Deno.lstat(`${home}/${path}`)).uid;
      assertEquals(owners, {
        "": UID,
        ".bashrc": UID,
        ".config": UID,
        ".config/deep/a": UID,
        ".ssh": UID,
        ".ssh/authorized_keys": UID,
        "secret": 0,
        ".linked": 0,
        ".suid": 0,
        ".link": 0,
      });
      assertEquals((await Deno.stat(home)).mode! & 0o7777, expected);
      assertEquals((await Deno.stat(`${outside}/linked`)).uid, 0);
    },
  );
}

for (
  const [what, passwd, path] of [
    ["another user's as well", "bob:x:9:9::HOME:/bin/sh\n", "azure"],
    ["around another user's", "bob:x:9:9::HOME/bob:/bin/sh\n", "azure"],
    ["not named after its user", "", "www"],
  ] as const
) {
  rootTest(
    `ensureHome() leaves a home to root that is ${what}`,
    async ({ account, homesDir, outside }) => {
      const home = `${homesDir}/${path}`;
      await Deno.mkdir(home, { recursive: true });
      await owned(home, 0o755, 0);
      await Deno.writeTextFile(`${home}/file`, "");
      await Deno.writeTextFile(
        `${outside}/passwd`,
        passwd.replace("HOME", home),
      );
      const machine = { homesDirs: [homesDir], etcDir: outside };
      ensureHome({ ...account, home }, machine, { isNew: false });
      assertEquals((await Deno.stat(home)).uid, 0);
    },
  );
}
