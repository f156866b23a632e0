import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, type Files, INITS, makeTree, snapshot } from "./_tree.ts";

const MOUNTS = Deno.uid() === 0 && mountsHere();
if (!MOUNTS) {
  console.error(
    "Tests of install.sh on full and read-only disks are skipped: they need root, and unshare",
  );
}

/** Disks that install.sh cannot write to, as the mount command makes them in a namespace of the test's own. */
const DISKS = [
  {
    name: "a disk without room",
    mount: 'mount -t tmpfs -o size=64k none "$0/usr/local"',
    says: "but 1 MiB are needed",
  },
  {
    name: "a read-only disk",
    mount: 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"',
    says: "Cannot write to",
  },
] as const;

for (const { name, mount, says } of DISKS) {
  if (!MOUNTS) break;
  installTest(`refuses ${name}`, async ({ root, binary, run }) => {
    await makeTree(root, BARE, INITS["systemd"]!, { "usr/local/README": "" });
    const before = await snapshot(root);
    const { code, stderr } = await run(
      [`${ROOT}install.sh`, "--root", root, "--binary", binary],
      {},
      ["unshare", "--mount", "sh", "-euc", `${mount}; exec "$@"`, root],
    );
    assertEquals(code, 73, stderr);
    assertStringIncludes(stderr, says);
    assertEquals(await snapshot(root), before);
  });
}

/** Files that are changed, and that there is no room for a second time. */
const LONG_FILES: Readonly<Record<string, { path: string; files: Files }>> = {
  busybox: {
    path: "etc/inittab",
    files: { "etc/inittab": "# long\n".repeat(7_000) },
  },
  sysv: {
    path: "etc/init.d/.depend.start",
    files: {
      "etc/init.d/.depend.start": `TARGETS = ssh\n${"# x\n".repeat(12_000)}`,
    },
  },
};

for (const [init, { path, files }] of Object.entries(LONG_FILES)) {
  if (!MOUNTS) break;
  installTest(
    `says so where there is no room to change ${path}, which stays as it is`,
    async ({ root, binary, run }) => {
      await makeTree(root, BARE, INITS[init]!, files);
      const before = await Deno.readTextFile(`${root}/${path}`);
      const { code, stdout, stderr } = await run(
        [`${ROOT}install.sh`, "--root", root, "--binary", binary],
        {},
        [
          "unshare",
          "--mount",
          "sh",
          "-uc",
          `mkdir "$0.etc" && cp -a "$0/etc/." "$0.etc" && mount -t tmpfs -o size=80k none "$0/etc" &&
          cp -a "$0.etc/." "$0/etc" || exit 99
          "$@"; status=$?
          cmp "$0/${path}" "$0.etc/${path}" && ls -A "$0/\${path%/*}"; exit "$status"`
            .replace("\${path%/*}", path.slice(0, path.lastIndexOf("/"))),
          root,
        ],
      );
      assertEquals(code, 73, stderr);
      assertStringIncludes(stderr, `Error: Cannot write ${root}/${path}: `);
      assertEquals(stdout.includes("azure-provisioning-new"), false, stdout);
      assertEquals(await Deno.readTextFile(`${root}/${path}`), before);
    },
  );
}

function mountsHere(): boolean {
  try {
    return new Deno.Command("unshare", { args: ["--mount", "true"] })
      .outputSync().success;
  } catch {
    return false;
  }
}
