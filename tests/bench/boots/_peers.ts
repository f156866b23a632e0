import { putDrive } from "../../boot/_medium.ts";
import { putFiles } from "../../boot/_put_files.ts";
import { succeed } from "../../helpers/command.ts";
import { ovfEnvXml } from "../../media/_ovf_env.ts";

const SCRIPT = new URL("../article.py", import.meta.url);

/** Installs what the "no agent" article has: its script, and a unit that disables itself. */
export async function putArticle(tree: string): Promise<void> {
  await putFiles(tree, [
    {
      path: "/usr/local/azure-provisioning.py",
      mode: 0o755,
      text: await Deno.readTextFile(SCRIPT),
    },
    {
      path: "/etc/systemd/system/azure-provisioning.service",
      text: `[Unit]
Description=Azure Provisioning

[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /usr/local/azure-provisioning.py
ExecStart=/bin/bash -c "hostnamectl set-hostname $(curl -s -H metadata:true --noproxy '*' 'http://169.254.169.254/metadata/instance/compute/name?api-version=2019-06-01&format=text')"
ExecStart=/usr/bin/systemctl disable azure-provisioning.service

[Install]
WantedBy=multi-user.target
`,
    },
  ], [{
    path:
      "/etc/systemd/system/multi-user.target.wants/azure-provisioning.service",
    target: "../azure-provisioning.service",
  }]);
}

/**
 * Has Debian's cloud-init look for nothing but Azure. It reads no SMBIOS in a container,
 * so it is told that it is in none, and gets a copy of the provisioning media. It looks for its
 * network card in /sys, which has those of the machine around the container, and sets a locale
 * by a package that the root lacks: without both, its units would fail after Ready.
 */
export async function putCloudInit(tree: string): Promise<void> {
  const path = "/usr/lib/python3/dist-packages/cloudinit/util.py";
  const text = await Deno.readTextFile(`${tree}${path}`);
  await Deno.writeTextFile(
    `${tree}${path}`,
    text.replace("\ndef is_container():\n", "$&    return False\n\n"),
  );
  // Else each boot would compile it.
  await succeed("chroot", [tree, "python3", "-m", "py_compile", path]);
  await putFiles(tree, [
    {
      path: "/etc/cloud/cloud.cfg.d/99-benchmark.cfg",
      text: "datasource_list: [ Azure ]\nlocale: false\n",
    },
    {
      path: "/etc/systemd/system/cloud-init-local.service.d/benchmark.conf",
      text: `[Service]
ExecStartPre=/bin/sh -c "mkdir /run/sys; mount -t sysfs -o ro sysfs /run/sys; for dir in class/net devices/virtual/net; do mount --bind /run/sys/$$dir /sys/$$dir; done"
`,
    },
    {
      path: "/var/lib/cloud/seed/azure/ovf-env.xml",
      text: ovfEnvXml({ HostName: "benchmark-vm", UserName: "ada" }),
      mode: 0o600,
    },
  ]);
}

/**
 * What the drive with the media is called for waagent: what is bound to /dev/sr0 itself, it
 * takes for mounted.
 */
export const WAAGENT_DRIVE = "/dev/benchmark-drive";

/**
 * Has Debian's waagent provision by itself, as it does where cloud-init is not there. Its unit
 * wants Hyper-V, which a container is not.
 */
export async function putWaagent(tree: string): Promise<void> {
  const path = `${tree}/etc/waagent.conf`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    path,
    text.replace(/^Provisioning\.Agent=.*$/m, "Provisioning.Agent=waagent")
      .replace(/^ResourceDisk\.Format=.*$/m, "ResourceDisk.Format=n"),
  );
  await putFiles(tree, [
    {
      path: "/etc/systemd/system/walinuxagent.service.d/benchmark.conf",
      text: `[Unit]
ConditionVirtualization=

[Service]
ExecStartPre=/bin/ln -s ${WAAGENT_DRIVE} /dev/sr0
`,
    },
    // The drive is a loop device, which has nothing to eject. The card has its address from
    // outside, and would lose it; without these two, waagent waits for a quarter of a minute.
    ...["eject", "ifdown", "ifup"].map((program) => ({
      path: `/usr/local/sbin/${program}`,
      text: "#!/bin/sh\n",
      mode: 0o755,
    })),
  ]);
  await putDrive(tree);
}
