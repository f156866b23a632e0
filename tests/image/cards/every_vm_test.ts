import { assert, assertEquals } from "@std/assert";
import { runOnTree, shellTest } from "../_shells.ts";
import { type Files, makeTree } from "../_tree.ts";
import { checkOf, MAC } from "./_cards.ts";

/** Files that serve every VM. */
const FREE: Files = {
  "/etc/systemd/network/a.network":
    `[Match]\nName=eth*\n#MACAddress=${MAC}\n[Network]\nDHCP=yes\n`,
  "/etc/systemd/network/b.network":
    `[Match]\nDriver=hv_netvsc\n[DHCPServerStaticLease]\nMACAddress=${MAC}\n`,
  "/etc/systemd/network/c.link":
    `[Match]\nOriginalName=*\n[Link]\nMACAddressPolicy=persistent\n`,
  "/etc/systemd/network/README": `MACAddress=${MAC}\n`,
  "/etc/NetworkManager/system-connections/a.nmconnection":
    `[connection]\nuuid=2c1bd052-5400-1234-5678-525400123456\ninterface-name=eth0\n[ethernet]\ncloned-mac-address=preserve\n`,
  "/etc/NetworkManager/conf.d/a.conf":
    `[keyfile]\nunmanaged-devices=driver:mlx5_core\n`,
  "/etc/netplan/a.yaml":
    `    a:\n      match: {driver: hv_netvsc}\n      # macaddress: ${MAC}\n      dhcp4: true\n`,
  "/etc/sysconfig/network-scripts/ifcfg-eth0":
    `DEVICE=eth0\n#HWADDR=${MAC}\nHWADDR=\nBOOTPROTO=dhcp\n`,
  "/etc/network/interfaces": `iface eth0 inet dhcp\n# hwaddress ${MAC}\n`,
  "/etc/udev/rules.d/a.rules":
    `SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:*", NAME="x"\nATTR{address}!="${MAC}"\n`,
  "/etc/default/grub":
    `GRUB_CMDLINE_LINUX="root=UUID=12345678-ab-cd ifname=eth0"\n`,
  "/boot/grub/grub.cfg":
    "search --fs-uuid 2c1bd052-5400-1234-5678-525400123456\n",
};

shellTest(
  "check takes a network that serves every VM as it is",
  async (shell, folder) => {
    await makeTree(`${folder}/free`, FREE);
    for (const check of ["mac_addresses", "interface_names"]) {
      const { status, message } = await checkOf(shell, `${folder}/free`, check);
      assertEquals(status, "ok", message);
    }
    const { stdout } = await runOnTree(
      shell,
      "generalize.sh",
      `${folder}/free`,
      ["--yes"],
    );
    assert(!stdout.includes("is bound"), stdout);
  },
);
