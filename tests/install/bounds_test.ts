import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

/** Runs install.sh for the tree, and kills it where it takes half a minute. */
async function installSoon(
  { binary, root, run }: InstallCase,
  ...args: readonly string[]
): Promise<{ code: number; stderr: string }> {
  return await run(
    [`${ROOT}install.sh`, "--root", root, "--binary", binary, ...args],
    {},
    ["timeout", "-s", "KILL", "30"],
  );
}

installTest(
  "an inittab with a begin mark and millions of lines ends soon",
  async (given) => {
    const inittab = `# azure-provisioning: begin\n${"\n".repeat(4_000_000)}`;
    await makeTree(given.root, BARE, INITS["busybox"]!, {
      "etc/inittab": inittab,
    });
    const { code, stderr } = await installSoon(given);
    assertEquals(code, 73);
    assertStringIncludes(stderr, "that install.sh did not add");
    assertEquals(
      await Deno.readTextFile(`${given.root}/etc/inittab`),
      inittab,
    );
  },
);

installTest(
  "a manifest of many short lines is refused soon",
  async (given) => {
    await makeTree(given.root, BARE, INITS["openrc"]!, {
      "usr/local/lib/azure-provisioning/manifest": "#\n".repeat(131_071),
    });
    for (const args of [["--dry-run"], ["--uninstall"]]) {
      const { code, stderr } = await installSoon(given, ...args);
      assertEquals(code, 65);
      assertStringIncludes(stderr, "has more than 13107 lines");
    }
  },
);

installTest(
  "links that make a path of a million parts end soon",
  async (given) => {
    const links = Object.fromEntries(
      Array.from({ length: 39 }, (_, i) => [
        `x/l${i}`,
        `-> ${i === 38 ? ".." : `l${i + 1}`}/${"../x/".repeat(780)}`,
      ]),
    );
    await makeTree(given.root, BARE, INITS["openrc"]!, links, {
      "etc/init.d": "-> /x/l0",
    });
    const started = performance.now();
    const { code } = await installSoon(given);
    assertEquals(code, 73);
    assert(performance.now() - started < 20_000);
  },
);

const STREAMS = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"];

installTest("it works with closed streams", async (given) => {
  const { binary, root, run } = given;
  await makeTree(root, BARE, INITS["busybox"]!);
  const before = await snapshot(root);
  assertEquals((await given.install()).code, 0);
  const installed = await snapshot(root);
  const args = [`${ROOT}install.sh`, "--root", root, "--binary", binary];
  for (const streams of STREAMS) {
    const closed = ["sh", "-c", `exec "$@" ${streams}`, "sh"];
    assertEquals((await run([...args, "--uninstall"], {}, closed)).code, 0);
    assertEquals(await snapshot(root), before);
    assertEquals((await run(args, {}, closed)).code, 0);
    assertEquals(await snapshot(root), installed);
  }
});

installTest(
  "a variable that is no UTF-8 does not end it",
  async ({ run }) => {
    for (const script of ["install.sh", "image/check.sh"]) {
      const { code, stderr } = await run([`${ROOT}${script}`, "--help"], {}, [
        "sh",
        "-c",
        `LC_ALL=C.UTF-8 hostile=$(printf 'a\\377b c')
        export LC_ALL hostile
        exec "$@"`,
        "sh",
      ]);
      assertEquals([code, stderr], [0, ""]);
    }
  },
);

installTest(
  "bash's options in the environment do not decide",
  async ({ binary, root, run }) => {
    // The shell of the test starts bash where that is there.
    const bash =
      'command -v bash >/dev/null && exec env "SHELLOPTS=$0" bash "$@"; exec sh "$@"';
    await makeTree(root, BARE, INITS["busybox"]!);
    const args = [`${ROOT}install.sh`, "--root", root, "--binary", binary];
    for (const options of ["noclobber", "keyword"]) {
      const { code, stderr } = await run(["-c", bash, options, ...args]);
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(
        await Deno.readTextFile(`${root}/etc/inittab`),
        "azure-provisioning: end",
      );
      assertEquals((await run([...args, "--uninstall"])).code, 0);
    }
  },
);

/** Makes empty files or folders in a folder of a tree. */
async function makeMany(
  folder: string,
  suffix: string,
  count: number,
  make: (path: string) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) await make(`${folder}/x${i}${suffix}`);
}

const makeFile = (path: string) => Deno.writeTextFile(path, "");

installTest(
  "twenty thousand files of a kind end soon, and the check says that it did not look at all",
  async ({ root, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!, { "usr/bin/mount": "" });
    await makeMany(`${root}/etc/modprobe.d`, ".conf", 20_000, makeFile);
    await makeMany(`${root}/etc/ld.so.conf.d`, ".conf", 20_000, makeFile);
    await makeMany(`${root}/var/lib/seedrng`, "", 20_000, makeFile);
    await makeMany(
      `${root}/etc/systemd/system`,
      ".wants",
      20_000,
      (path) => Deno.mkdir(path),
    );
    const { code, stdout, stderr } = await run(
      [`${ROOT}image/check.sh`, "--root", root],
      {},
      ["timeout", "-s", "KILL", "120"],
    );
    assertEquals(code, 1);
    // Those of systemd are looked at all, by find.
    for (const folder of ["modprobe.d", "ld.so.conf.d"]) {
      assertStringIncludes(
        stderr,
        `Only the first 500 of ${root}/etc/${folder}`,
      );
    }
    assertStringIncludes(stdout, "more than 100 leases, seeds");
  },
);

const MANIFEST = "usr/local/lib/azure-provisioning/manifest";

installTest(
  "a manifest that names a large file two thousand times is followed soon",
  async (given) => {
    const lines = Array.from(
      { length: 2_000 },
      (_, i) => `file cksum:${i} /opt/azure-provisioning\n`,
    );
    await makeTree(given.root, BARE, INITS["openrc"]!, {
      [MANIFEST]: lines.join(""),
      "opt/azure-provisioning": "",
    });
    await Deno.truncate(`${given.root}/opt/azure-provisioning`, 2 ** 29);
    const { code, stderr } = await installSoon(given, "--uninstall");
    assertEquals(code, 0);
    assertEquals(stderr.split("has changed").length, 2, stderr);
  },
);

installTest(
  "a manifest of many files is refused",
  async (given) => {
    const lines = Array.from(
      { length: 101 },
      (_, i) => `file cksum:1 /opt/azure-provisioning${i}\n`,
    );
    await makeTree(given.root, BARE, INITS["openrc"]!, {
      [MANIFEST]: lines.join(""),
    });
    const { code, stderr } = await installSoon(given, "--uninstall");
    assertEquals(code, 65);
    assertStringIncludes(stderr, "names more than 100 files");
  },
);

installTest(
  "millions of versions in a glibc take little memory",
  async ({ dir, root, run }) => {
    await makeTree(root, BARE, INITS["openrc"]!);
    const tools = `${dir}/tools`;
    await Deno.mkdir(tools);
    // GNU sort keeps what it sorts on the disk.
    assertEquals(
      (await run(["-c", `busybox --install -s "$0"`, tools])).code,
      0,
    );
    const libc = `${root}/usr/lib/x86_64-linux-gnu/libc.so.6`;
    const before = await Deno.readFile(libc);
    const versions = "\0GLIBC_2.36".repeat(5_000_000);
    const file = await Deno.open(libc, { write: true, truncate: true });
    await file.write(before);
    await new Blob([versions]).stream().pipeTo(file.writable);
    const { stdout } = await run(
      [
        "-c",
        `ulimit -v 150000; exec sh "$@"`,
        "sh",
        `${ROOT}image/check.sh`,
        "--root",
        root,
      ],
      { PATH: `${tools}:/usr/bin:/bin` },
    );
    assertStringIncludes(stdout, "ok libc: glibc is 2.36");
  },
);
