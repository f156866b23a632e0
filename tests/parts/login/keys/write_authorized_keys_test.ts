import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeAuthorizedKeys } from "../../../../lib/parts/login/keys/write_authorized_keys.ts";
import { ProvisioningError } from "../../../../lib/provisioning_error.ts";
import { run, succeed } from "../../../helpers/command.ts";
import { SSH_KEYS } from "../../../helpers/ssh_keys.ts";
import {
  ANOTHER_UID,
  type Home,
  listing,
  owned,
  rootTest,
  UID,
} from "../_home.ts";

const [A, B] = [SSH_KEYS.ed25519!, SSH_KEYS.ecdsa256!];

async function makeSsh(home: string, keys?: string): Promise<string> {
  await Deno.mkdir(`${home}/.ssh`);
  await owned(`${home}/.ssh`, 0o700);
  const file = `${home}/.ssh/authorized_keys`;
  if (keys !== undefined) {
    await Deno.writeTextFile(file, keys);
    await owned(file, 0o600);
  }
  return file;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(dir))).map((it) => it.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

rootTest(
  "writeAuthorizedKeys() makes .ssh and the file, and leaves nothing else",
  async ({ home, account, homesDir, machine }) => {
    const written = await writeAuthorizedKeys(account, [A, B], machine);
    assertEquals(written.changed, true);
    assertEquals(
      await Deno.readTextFile(`${home}/.ssh/authorized_keys`),
      `${A}\n${B}\n`,
    );
    assertEquals(
      await succeed("find", [homesDir, "-printf", "%P %U:%G %m\n"]),
      [
        " 0:0 755",
        `azure ${UID}:${UID} 700`,
        `azure/.ssh ${UID}:${UID} 700`,
        `azure/.ssh/authorized_keys ${UID}:${UID} 600`,
        "",
      ].join("\n"),
    );
  },
);

rootTest(
  "writeAuthorizedKeys() writes what the user can read, whatever the umask is",
  async ({ home, homesDir }) => {
    // Other tests run in this process at the same time, and the umask is theirs, too.
    const program = new URL("../_write_keys.ts", import.meta.url).pathname;
    const dir = homesDir.slice(0, -"/home".length);
    await succeed(Deno.execPath(), [
      "run",
      "--no-config",
      "--no-check",
      "--allow-all",
      program,
      dir,
      `${UID}`,
      A,
      "777",
    ]);
    assertEquals(
      await succeed("find", [`${home}/.ssh`, "-printf", "%f %m\n"]),
      ".ssh 700\nauthorized_keys 600\n",
    );
  },
);

rootTest(
  "writeAuthorizedKeys() adds to what is there, and a second run changes nothing",
  async ({ home, account, homesDir, machine }) => {
    const file = await makeSsh(home, "# mine");
    await Deno.writeTextFile(`${home}/.ssh/config`, "");
    await writeAuthorizedKeys(account, [A], machine);
    assertEquals(await Deno.readTextFile(file), `# mine\n${A}\n`);
    const before = await listing(homesDir);
    const again = await writeAuthorizedKeys(account, [A], machine);
    assertEquals(again.changed, false);
    assertEquals(await listing(homesDir), before);
  },
);

rootTest(
  "writeAuthorizedKeys() makes a file that its user cannot read readable",
  async ({ home, account, machine }) => {
    const file = await makeSsh(home, `${A}\n`);
    await owned(file, 0);
    await writeAuthorizedKeys(account, [A], machine);
    const { uid, mode } = await Deno.stat(file);
    assertEquals([uid, mode! & 0o777], [UID, 0o600]);
  },
);

rootTest(
  "writeAuthorizedKeys() leaves the owners of a home and a .ssh of root's as they are",
  async ({ home, account, machine }) => {
    const file = await makeSsh(home, "# mine\n");
    await owned(home, 0o755, 0);
    await owned(`${home}/.ssh`, 0o755, 0);
    await writeAuthorizedKeys(account, [A], machine);
    assertEquals(await Deno.readTextFile(file), `# mine\n${A}\n`);
    assertEquals(
      await succeed("find", [home, "-printf", "%P %U:%G %m\n"]),
      ` 0:0 755\n.ssh 0:0 755\n.ssh/authorized_keys ${UID}:${UID} 600\n`,
    );
  },
);

rootTest(
  "writeAuthorizedKeys() gives the home back if it cannot have .ssh",
  async ({ home, account, machine }) => {
    await makeSsh(home, `${B}\n`);
    const { code, stderr } = await run("chattr", ["+i", `${home}/.ssh`]);
    if (code !== 0) {
      console.error(`No .ssh can be made immutable here: ${stderr}`);
      return;
    }
    try {
      await assertRejects(
        () => writeAuthorizedKeys(account, [A], machine),
        ProvisioningError,
        "Operation not permitted",
      );
      assertEquals((await Deno.lstat(home)).uid, UID);
      assertEquals(await namesIn(machine.stateDir), []);
      assertEquals(machine.log.lines, []);
    } finally {
      await succeed("chattr", ["-i", `${home}/.ssh`]);
    }
  },
);

rootTest(
  "writeAuthorizedKeys() unlocks the home as soon as it is told to stop",
  async ({ home, account, machine }) => {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const owners: (number | null)[] = [];
    const writing = writeAuthorizedKeys(
      account,
      [A],
      { ...machine, signal: stop.signal },
      async ([folder]) => {
        const look = () => {
          for (const path of [home, folder]) {
            owners.push(Deno.lstatSync(path).uid);
          }
        };
        look();
        stop.abort();
        look();
        await promise;
      },
    );
    resolve();
    await writing;
    assertEquals(owners, [0, 0, UID, UID]);
  },
);

const REFUSED: readonly (readonly [
  what: string,
  reason: string,
  arrange: (home: Home) => Promise<unknown>,
])[] = [
  [
    "a home that is a symbolic link",
    "it is a symbolic link",
    async ({ home, outside }) => {
      await Deno.remove(home);
      await Deno.symlink(outside, home);
    },
  ],
  ["a home that is a file", "it is not a folder", async ({ home }) => {
    await Deno.remove(home);
    await Deno.writeTextFile(home, "");
  }],
  [
    "a home of another user",
    "it belongs to user 1235",
    ({ home }) => owned(home, 0o755, ANOTHER_UID),
  ],
  [
    "a home that others may write",
    "others than its owner may write to it",
    ({ home }) => owned(home, 0o777),
  ],
  [
    "a home that its group may write",
    "others than its owner may write to it",
    ({ home }) => owned(home, 0o770),
  ],
  [
    "a home that is not there",
    'run "azure-provisioning user" first',
    ({ home }) => Deno.remove(home),
  ],
  [
    "a folder of homes that others may write",
    "others than its owner may write to it",
    ({ homesDir }) => Deno.chmod(homesDir, 0o777),
  ],
  [
    "a folder of homes of another user",
    "it belongs to user 1234",
    ({ homesDir }) => owned(homesDir, 0o755),
  ],
  [
    ".ssh that is a symbolic link",
    "it is a symbolic link",
    ({ home, outside }) => Deno.symlink(outside, `${home}/.ssh`),
  ],
  [
    ".ssh that is a symbolic link to nowhere",
    "it is a symbolic link",
    ({ home }) => Deno.symlink("/nowhere", `${home}/.ssh`),
  ],
  [".ssh that is a file", "it is not a folder", async ({ home }) => {
    await Deno.writeTextFile(`${home}/.ssh`, "");
    await owned(`${home}/.ssh`, 0o600);
  }],
  [
    ".ssh that others may write",
    "others than its owner may write to it",
    async ({ home }) => {
      await makeSsh(home);
      await Deno.chmod(`${home}/.ssh`, 0o777);
    },
  ],
  [
    ".ssh of root that the user cannot read",
    "it belongs to root, and its user may not read it",
    async ({ home }) => {
      await makeSsh(home);
      await owned(`${home}/.ssh`, 0o700, 0);
    },
  ],
  [
    "a file that is a symbolic link",
    "it is a symbolic link",
    async ({ home, outside }) => {
      const file = await makeSsh(home);
      await Deno.writeTextFile(`${outside}/file`, "");
      await Deno.symlink(`${outside}/file`, file);
    },
  ],
  ["a file that is a FIFO", "it is not a file", async ({ home }) => {
    const file = await makeSsh(home);
    await succeed("mkfifo", ["-m", "600", file]);
    await owned(file, 0o600);
  }],
  ["a file that is a folder", "it is not a file", async ({ home }) => {
    const file = await makeSsh(home);
    await Deno.mkdir(file);
    await owned(file, 0o700);
  }],
  [
    "a file of root's that the user cannot read",
    "it belongs to root, and its user may not read it",
    async ({ home }) => {
      await owned(await makeSsh(home, "secret\n"), 0o600, 0);
    },
  ],
  [
    ".ssh that is a file system of its own",
    "it is a file system of its own",
    async ({ home }) => {
      await makeSsh(home);
      await succeed("mount", ["-t", "tmpfs", "none", `${home}/.ssh`]);
      await owned(`${home}/.ssh`, 0o700);
    },
  ],
  [
    "a file that has another name elsewhere",
    "it has another hard link",
    async ({ home, outside }) => {
      const file = await makeSsh(home, "");
      await Deno.link(file, `${outside}/file`);
    },
  ],
  [
    "a file that others may write",
    "others than its owner may write to it",
    async ({ home }) => {
      await Deno.chmod(await makeSsh(home, `${B}\n`), 0o666);
    },
  ],
  [
    "a file of another user",
    "it belongs to user 1235",
    async ({ home }) => {
      await owned(await makeSsh(home, ""), 0o600, ANOTHER_UID);
    },
  ],
  ["a file that is too large", "it is over 1048576 bytes", async ({ home }) => {
    await Deno.truncate(await makeSsh(home, ""), 1024 * 1024 + 1);
  }],
];

for (const [what, reason, arrange] of REFUSED) {
  rootTest(
    `writeAuthorizedKeys() refuses ${what}, and changes nothing`,
    async (home) => {
      await arrange(home);
      const dir = home.homesDir.replace(/\/home$/, "");
      const before = await listing(dir);
      const error = await assertRejects(
        () => writeAuthorizedKeys(home.account, [A], home.machine),
        ProvisioningError,
        reason,
      );
      assert(
        /^(admin_home|authorized_keys)_unsafe$/.test(error.key),
        error.key,
      );
      assertEquals(await listing(dir), before);
      assertEquals(await namesIn(home.machine.stateDir), []);
    },
  );
}

for (
  const written of [
    "/root",
    "/var/lib/azure",
    "HOMES",
    "HOMES/",
    "HOMES/../azure",
    "HOMES/./azure",
    "HOMES//azure",
    "",
  ]
) {
  rootTest(
    `writeAuthorizedKeys() refuses the home "${written}"`,
    async ({ account, homesDir, machine }) => {
      await assertRejects(
        () =>
          writeAuthorizedKeys(
            { ...account, home: written.replace("HOMES", homesDir) },
            [A],
            machine,
          ),
        ProvisioningError,
        `is not below ${homesDir}, where this program may write`,
      );
    },
  );
}

rootTest(
  "writeAuthorizedKeys() writes into a home that is a file system of its own",
  async ({ home, account, machine }) => {
    await succeed("mount", ["-t", "tmpfs", "none", home]);
    await owned(home, 0o700);
    await writeAuthorizedKeys(account, [A], machine);
    assertEquals(
      await Deno.readTextFile(`${home}/.ssh/authorized_keys`),
      `${A}\n`,
    );
    assertEquals((await Deno.lstat(home)).uid, UID);
  },
);
