import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { find, type Outcome, run } from "./_shells.ts";
import { LEFTOVERS, makeTree, readTree, USED_IMAGE } from "./_tree.ts";

// The machine that "runs" is a tree that becomes the root of a shell: a test must
// never generalise the machine that it runs on, whatever the script does.
const BUSYBOX = await find("busybox");
const CAN_CHROOT = Deno.uid() === 0 && BUSYBOX !== undefined &&
  await isStatic(BUSYBOX);
if (!CAN_CHROOT) {
  console.error(
    "Tests of the running machine are skipped: they need root and a static busybox",
  );
}

async function isStatic(program: string): Promise<boolean> {
  await using folder = await tempDir();
  await Deno.copyFile(program, `${folder.path}/busybox`);
  const { code } = await run([
    "/usr/sbin/chroot",
    folder.path,
    "/busybox",
    "true",
  ]);
  return code === 0;
}

function machineTest(
  name: string,
  fn: (
    root: string,
    generalize: (...args: string[]) => Promise<Outcome>,
  ) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !CAN_CHROOT,
    fn: async () => {
      await using folder = await tempDir();
      const root = `${folder.path}/machine`;
      await makeTree(root, {
        ...USED_IMAGE,
        "/bin": undefined,
        "/dev/null": "",
        "/release": undefined,
      });
      await Deno.copyFile(BUSYBOX!, `${root}/bin/busybox`);
      const chroot = ["/usr/sbin/chroot", root, "/bin/busybox"];
      await run([...chroot, "--install", "-s", "/bin"]);
      for (const part of ["image", "units"]) {
        await run([
          "/bin/cp",
          "-a",
          `${ROOT}${part}`,
          `${root}/release/${part}`,
        ]);
      }
      await fn(root, (...args) =>
        run([
          ...chroot,
          "env",
          "-i",
          "PATH=/bin",
          "sh",
          "/release/image/generalize.sh",
          ...args,
        ]));
    },
  });
}

machineTest(
  "the running machine is not generalised by a --yes alone, nor by an empty --root",
  async (root, generalize) => {
    const before = await readTree(`${root}/etc`);
    for (
      const args of [
        ["--yes"],
        [],
        ["--root", "", "--yes"],
        ["--root=", "--yes"],
        ["--root", "--yes"],
      ]
    ) {
      const { code, stderr } = await generalize(...args);
      assertEquals(code, 64, args.join(" "));
      assertMatch(
        stderr,
        /--yes requires --root|no terminal to ask on; add --root \/ --yes\n|--root needs a value/,
      );
    }
    assertEquals(await readTree(`${root}/etc`), before);
  },
);

machineTest(
  "the running machine is generalised by --root / --yes",
  async (root, generalize) => {
    const { code, stdout, stderr } = await generalize("--root", "/", "--yes");
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "To generalise THIS RUNNING MACHINE:");
    assertStringIncludes(stdout, "Shut it down and capture it now");
    const after = await readTree(root);
    for (const path of LEFTOVERS) {
      // What a running machine has in /run is not in what is captured; but for the copy of the media, which may hold a password.
      const stays = path.startsWith("/run/") &&
        path !== "/run/azure-provisioning/ovf-env.xml";
      assertEquals(after.has(path), stays, path);
    }
  },
);

machineTest(
  "any other name of the running machine's root is the running machine",
  async (_root, generalize) => {
    const { stdout } = await generalize("--root", "/bin/..", "--dry-run");
    assertStringIncludes(stdout, "THIS RUNNING MACHINE");
  },
);

machineTest(
  "a user who is logged in is not removed",
  async (root, generalize) => {
    await Deno.writeTextFile(
      `${root}/etc/passwd`,
      "root:x:0:0::/root:/bin/sh\nann:x:31337:31337::/home/ann:/bin/sh\n",
    );
    await Deno.writeTextFile(`${root}/etc/shadow`, "root:$6$x:1::::::\n");
    await Deno.mkdir(`${root}/proc/1/root`, { recursive: true });
    const args = ["--root", "/", "--dry-run", "--user", "ann"];
    assertEquals((await generalize(...args)).code, 0);
    // Such as the kernel shows a process of hers.
    await Deno.chown(`${root}/proc/1`, 31337, 31337);
    await Deno.remove(`${root}/proc/1/root`);
    await Deno.symlink("/", `${root}/proc/1/root`);
    const { code, stderr } = await generalize(...args);
    assertEquals(code, 77);
    assertStringIncludes(stderr, "ann is logged in, or has processes");
  },
);

machineTest(
  "a link that others than root can replace leads to no removal, and is named",
  async (root, generalize) => {
    await makeTree(root, {
      "/precious/x/y": "data\n",
      "/precious/fish_history": "data\n",
      "/precious/ann/file": "data\n",
    });
    await Deno.writeTextFile(
      `${root}/etc/passwd`,
      "root:x:0:0::/root:/bin/sh\nann:x:31337:31337::/srv/team/ann:/bin/sh\n",
    );
    await Deno.writeTextFile(`${root}/etc/shadow`, "root:$6$x:1::::::\n");
    await Deno.chown(`${root}/precious/ann`, 31337, 31337);
    // Such as Ubuntu's.
    await Deno.remove(`${root}/var/log/journal`, { recursive: true });
    await Deno.chown(`${root}/var/log`, 0, 104);
    await Deno.chmod(`${root}/var/log`, 0o775);
    await Deno.symlink("/precious", `${root}/var/log/journal`);
    // A home in a folder of somebody else's.
    await Deno.mkdir(`${root}/srv/bob`, { recursive: true });
    await Deno.chown(`${root}/srv/bob`, 1001, 1001);
    await Deno.symlink("/precious", `${root}/srv/bob/team`);
    await Deno.symlink("bob/team", `${root}/srv/team`);
    await Deno.mkdir(`${root}/root/.local/share`, { recursive: true });
    await Deno.symlink("/precious", `${root}/root/.local/share/fish`);
    const before = await readTree(`${root}/precious`);
    const { code, stdout } = await generalize(
      "--root",
      "/",
      "--yes",
      "--logs",
      "--user",
      "ann",
    );
    assertEquals(code, 0, stdout);
    for (const link of ["/var/log/journal", "/srv/bob/team"]) {
      assertStringIncludes(stdout, `  ${link}: is a link that others`);
      assertEquals(stdout.split(`  ${link}: `).length, 2, stdout);
    }
    // Root's own link is followed.
    before.delete("/fish_history");
    assertEquals(await readTree(`${root}/precious`), before);
  },
);
