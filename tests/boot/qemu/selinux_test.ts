import { assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { LOGIN_RECIPE, NETWORKD, type Recipe } from "../_recipes.ts";
import { keysFor } from "../login/_keys.ts";
import { AZURE } from "./_hardware.ts";
import {
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";

const VM = {
  vmId: "88888888-cccc-4ccc-8ccc-888888888888",
  computerName: "labelled-vm",
};

/** With Debian's policy. */
const RECIPE: Recipe = {
  ...LOGIN_RECIPE,
  ...NETWORKD,
  name: "login-selinux",
  packages: [
    ...LOGIN_RECIPE.packages,
    "udev",
    "selinux-policy-default",
    "policycoreutils",
    "attr",
  ],
};

/** Labels all files of a tree, as root may where the kernel has no SELinux. */
const LABEL = `mount --bind /proc "$0/proc"
exec chroot "$0" setfiles -F -e /proc /etc/selinux/default/contexts/files/file_contexts /`;

/** What has to have a label of its own, and what its type is. */
const LABELS = {
  "/etc/hostname": "net_conf_t",
  "/etc/hosts": "net_conf_t",
  "/etc/passwd": "etc_t",
  "/etc/shadow": "shadow_t",
  "/etc/gshadow": "shadow_t",
  "/etc/sudoers.d/90-azure-provisioning": "etc_t",
  "/etc/ssh/sshd_config.d/00-azure-provisioning.conf": "etc_t",
  "/home": "home_root_t",
  "/home/azure": "user_home_dir_t",
  "/home/azure/.ssh": "ssh_home_t",
  "/home/azure/.ssh/authorized_keys": "ssh_home_t",
};

const LOOKED = "/var/log/looked";

/** Has the machine say before its end whether SELinux is in force, and what the labels are. */
const LOOK = `[Unit]
After=azure-provisioning.service azure-provisioning-fallback.service
Before=boot-test-done.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'exec >${LOOKED}; getenforce; stat -c "%%n %%C" ${
  Object.keys(LABELS).join(" ")
}; restorecon -nvR /etc /home /var/lib/azure-provisioning | grep -v lock'
`;

qemuTest(
  "a VM with SELinux in force reports Ready, and every file that was written has its label",
  async () => {
    await using keys = await keysFor("azure");
    await using disk = await makeQemuDisk(RECIPE, {
      files: [
        { path: "/etc/systemd/system/boot-test-look.service", text: LOOK },
        {
          path: "/etc/selinux/config",
          text: "SELINUX=enforcing\nSELINUXTYPE=default\n",
        },
      ],
      links: [{
        path:
          "/etc/systemd/system/multi-user.target.wants/boot-test-look.service",
        target: "../boot-test-look.service",
      }],
      finish: (tree) =>
        succeed("unshare", ["--mount", "sh", "-euc", LABEL, tree], 600_000),
    });
    const options = {
      hardware: AZURE,
      platform: { ...VM, args: keys.args },
      words: ["security=selinux", "selinux=1"],
    };
    const view = await withQemuBoot(disk, options, async (boot) => {
      await boot.until(
        "the unit is done",
        () => boot.heardAll(["done"]),
        2 * QEMU_BOOT_MS,
      );
      await boot.powerOff();
      return await boot.platform.stop();
    });
    assertEquals(view.ready.length, 1, view.lines.join("\n"));
    const tree = await disk.read();
    const looked = await Deno.readTextFile(`${tree}${LOOKED}`);
    assertStringIncludes(looked, "Enforcing\n");
    const labels = [...looked.matchAll(/^(\/\S+) \w+:object_r:(\w+):/gm)];
    assertEquals(
      Object.fromEntries(labels.map(([, path, type]) => [path!, type!])),
      LABELS,
    );
    assertEquals(looked.match(/Would relabel.*/g), null, looked);
  },
);
