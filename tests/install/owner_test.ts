import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

// Whoever builds an image in a tree of their own need not be root.
const USER = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"];

const BUILDERS: Readonly<Record<string, readonly string[]>> = {
  "a user who is not root": USER,
  // As mmdebstrap does in its unshare mode.
  "a user who is root in a namespace only": [
    ...USER,
    "unshare",
    "--map-root-user",
  ],
};

async function isPossible([program, ...args]: readonly string[]) {
  try {
    return (await new Deno.Command(program!, {
      args: [...args, "cat", `${ROOT}install.sh`],
    }).output()).success;
  } catch {
    return false;
  }
}

for (const [who, command] of Object.entries(BUILDERS)) {
  if (!await isPossible(command)) {
    console.error(
      `Installing as ${who} is skipped: it needs root, setpriv, unshare, and a checkout that everybody can read`,
    );
    continue;
  }
  installTest(
    `${who} installs into a tree of their own, enables, and takes all back`,
    async ({ dir, root, binary, run }) => {
      await Deno.chmod(dir.slice(0, dir.lastIndexOf("/")), 0o755);
      await makeTree(root, BARE, INITS["sysv"]!, INITS["busybox"]!, {
        "etc/hostname": "localhost\n",
      });
      const before = await snapshot(root);
      await new Deno.Command("chown", { args: ["-hR", "1000:1000", root] })
        .output();
      const install = async (...args: string[]) => {
        const { code, stderr } = await run(
          [`${ROOT}install.sh`, ...args, "--root", root],
          {},
          command,
        );
        assertEquals([code, stderr], [0, ""]);
      };
      await install("--binary", binary);
      const installed = await snapshot(root);
      await Deno.remove(`${root}/etc/rc3.d/S01azure-provisioning`);
      await install("--generalize", "--yes");
      assertEquals(await snapshot(root), installed);
      await install("--uninstall");
      assertEquals(await snapshot(root), before);
    },
  );
}

if (await isPossible(USER)) {
  installTest(
    "somebody who is neither root nor the owner of the tree is told so, and changes nothing",
    async ({ dir, root, binary, install, run }) => {
      await Deno.chmod(dir.slice(0, dir.lastIndexOf("/")), 0o755);
      await makeTree(root, BARE, INITS["systemd"]!);
      const fails = async (...args: string[]) => {
        const before = await snapshot(root);
        const { code, stderr } = await run(
          [`${ROOT}install.sh`, ...args, "--root", root],
          {},
          USER,
        );
        assertEquals(code, 73, stderr);
        assertStringIncludes(stderr, "run as root");
        assertEquals(await snapshot(root), before);
      };
      await fails("--binary", binary);
      await install();
      await fails("--uninstall");
    },
  );
}
