import { INITS_IN_TREES } from "../boot/_inits.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { type Outcome, run, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

// What a tree may have in the place of a file, so that to read it takes for ever.
const KINDS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "a pipe": (path) => done(["mkfifo", path]),
  "a file with a hole of a terabyte": (path) =>
    done(["truncate", "-s", "1T", path]),
  ...Deno.uid() === 0
    ? {
      "a device without an end": (path: string) =>
        done(["mknod", path, "c", "1", "5"]),
    }
    : {},
  "a folder": (path) => Deno.mkdir(path),
  "a link to a pipe": async (path) => {
    await done(["mkfifo", `${path}.pipe`]);
    await Deno.symlink(path.slice(path.lastIndexOf("/") + 1) + ".pipe", path);
  },
};

async function done([program, ...args]: string[]): Promise<void> {
  const { code, stderr } = await run([`/usr/bin/${program}`, ...args]);
  assertEquals([code, stderr], [0, ""]);
}

const TREE: Files = {
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n",
  "/etc/shadow": "root:$6$x:1::::::\n",
  "/etc/ssh/ssh_host_dsa_key": "key",
  "/sbin/init": "-> /lib/systemd/systemd",
  "/lib/systemd/systemd": "",
  "/sbin/telinit": "",
  "/sbin/openrc-run": "",
  "/usr/sbin/sshd": "",
  "/usr/sbin/dropbear": "",
  "/usr/bin/ssh-keygen": "",
  "/etc/dropbear/dropbear_rsa_host_key": "key",
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
    "-> /lib/systemd/system/systemd-networkd.service",
  "/etc/rc2.d": undefined,
};

/** What generalize.sh or check.sh reads, but for the accounts, and the manifest, which is refused. */
const READ = [
  ...Object.values(INITS_IN_TREES).flatMap(({ checked = [] }) => checked),
  "/etc/azure-provisioning.conf",
  "/etc/conf.d/sshd",
  "/etc/default/dropbear",
  "/etc/doas.conf",
  "/etc/hostname",
  "/etc/hosts",
  "/etc/init.d/.depend.start",
  "/etc/init.d/azure-provisioning-host-keys",
  "/etc/init.d/dropbear",
  "/etc/init.d/ssh",
  "/etc/init.d/sshd",
  "/etc/inittab",
  "/etc/ld.so.conf.d/x.conf",
  "/etc/machine-id",
  "/etc/modprobe.d/x.conf",
  "/etc/netplan/x.yaml",
  "/etc/rc.local",
  "/etc/ssh/sshd_config",
  "/etc/ssh/sshd_config.d/x.conf",
  "/etc/sudoers.d/x",
  "/etc/sv/sshd/run",
  "/etc/sysconfig/ssh",
  "/etc/sysconfig/sshd",
  "/etc/systemd/network/x.network",
  "/etc/systemd/system/azure-provisioning-host-keys.service",
  "/etc/systemd/system/azure-provisioning.service",
  "/lib/apk/db/installed",
  "/lib/libc.so.6",
  "/lib/systemd/system/ssh.service",
  "/usr/local/bin/azure-provisioning",
  "/var/lib/dpkg/status",
  "/var/log/x.log",
  "/var/log/x.log.1",
  "/root/.bash_history",
];

const ACCOUNTS = [
  "passwd",
  "passwd-",
  "shadow",
  "shadow-",
  "group",
  "group-",
  "gshadow",
  "gshadow-",
  "subuid",
  "subgid-",
];

/** Runs a tool, which has to end by itself. */
async function runInTime(
  shell: Shell,
  tool: string,
  root: string,
  args: readonly string[],
): Promise<Outcome> {
  const outcome = await run([
    "/usr/bin/timeout",
    "20",
    ...shell.command,
    `${ROOT}image/${tool}`,
    `--root=${root}`,
    ...args,
  ], { PATH: shell.path });
  assert(outcome.code !== 124, `${tool} hangs: ${outcome.stdout}`);
  return outcome;
}

for (const [kind, make] of Object.entries(KINDS)) {
  shellTest(
    `${kind} in the place of any file holds nothing up`,
    async (shell, folder) => {
      const root = `${folder}/tree`;
      await makeTree(root, TREE);
      for (const path of READ) {
        // A service is put in its place, unless a folder is there.
        if (kind === "a folder" && path.includes("host-keys")) continue;
        await Deno.mkdir(`${root}${path.slice(0, path.lastIndexOf("/"))}`, {
          recursive: true,
        });
        await make(`${root}${path}`);
      }
      await runInTime(shell, "check.sh", root, []);
      const { code, stdout, stderr } = await runInTime(
        shell,
        "generalize.sh",
        root,
        ["--yes", "--logs", "--user=ann"],
      );
      assertEquals([code, stderr], [0, ""], stdout);
      for (const path of ["hosts", "hostname", "machine-id", "doas.conf"]) {
        assertStringIncludes(stdout, `${root}/etc/${path}: is `);
      }
      await Deno.lstat(`${root}/etc/hosts`);
    },
  );

  shellTest(
    `${kind} in the place of an account file is named, and nothing is changed`,
    async (shell, folder) => {
      for (const name of ACCOUNTS) {
        const root = `${folder}/${name}`;
        await makeTree(root, { ...TREE, "/etc/hostname": "vm-1\n" });
        const path = `${root}/etc/${name}`;
        await Deno.remove(path).catch(() => {});
        await make(path);
        const { code, stderr } = await runInTime(
          shell,
          "generalize.sh",
          root,
          ["--yes", "--logs", "--user=ann"],
        );
        assertEquals(code, 78);
        assertStringIncludes(stderr, `Error: Cannot read ${path}: it is `);
        assertEquals(await Deno.readTextFile(`${root}/etc/hostname`), "vm-1\n");
      }
    },
  );
}
