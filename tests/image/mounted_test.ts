import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { run, shellTest } from "./_shells.ts";
import { makeTree, USED_IMAGE } from "./_tree.ts";

const IS_ROOT = Deno.uid() === 0;
if (!IS_ROOT) {
  console.error("Tests of mounts in a tree are skipped: they need root");
}

/** What the running machine has in /run. */
const RUN = [
  "/run/azure-provisioning/ovf-env.xml",
  "/run/dhclient.eth0.leases",
  "/run/systemd/netif/leases/2",
];

if (IS_ROOT) {
  shellTest(
    "what is mounted from the running machine into a tree is left alone, and named",
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, {
        ...USED_IMAGE,
        "/var/log/own/own.log": "a line\n",
        "/srv/disk": undefined,
      });
      await makeTree(`${folder}/machine`, { "/machine-id": "0123\n" });
      const { code, stdout, stderr } = await run([
        "/usr/bin/unshare",
        "--mount",
        "/bin/sh",
        "-euc",
        `root=$1 machine=$2 path=$3 generalize=$4 files=$5
        shift 5
        # Another /run in place of this machine's, and a file system of the image's own.
        mount -t tmpfs none /run
        mount -t tmpfs none "$root/var/log/own"
        echo line >"$root/var/log/own/own.log"
        for file in $files; do
          mkdir -p "\${file%/*}"
          echo text >"$file"
        done
        mount --bind /run "$root/run"
        mount --bind "$machine/machine-id" "$root/etc/machine-id"
        status=0
        env -i PATH="$path" "$@" "$generalize" --root="$root" --yes --logs || status=$?
        cat $files "$machine/machine-id"
        echo "left: $(cat "$root/var/log/own/own.log")"
        exit "$status"`,
        "sh",
        root,
        `${folder}/machine`,
        shell.path,
        `${ROOT}image/generalize.sh`,
        RUN.join(" "),
        ...shell.command,
      ]);
      assertEquals(code, 73, stderr);
      assertEquals(
        stdout.slice(stdout.indexOf("text\n")),
        `${"text\n".repeat(RUN.length)}0123\nleft: \n`,
        stdout,
      );
      for (const path of RUN) {
        const its = path.slice(0, path.lastIndexOf("/") + 1);
        assertStringIncludes(
          stdout,
          `  ${root}${its}: is ${its} of the running machine, mounted`,
        );
      }
      assertStringIncludes(
        stderr,
        `Cannot empty ${root}/etc/machine-id: it is a mount point`,
      );
    },
  );
}
