import { assertEquals, assertMatch } from "@std/assert";
import { runOnTree, type Shell, shellTest } from "./_shells.ts";
import { type Files, makeTree } from "./_tree.ts";

const PROGRAM = "#!/bin/sh\n";
const NETWORKD = {
  "/lib/systemd/systemd-networkd": PROGRAM,
  "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service":
    "-> x",
};
const CONTAINERS = {
  "/usr/lib/systemd/network/80-container-host0.network": "DHCP=yes\n",
};

/** What check.sh says of a tree's DHCP clients, by its checks' names. */
async function said(
  shell: Shell,
  root: string,
  files: Files,
): Promise<{ client: string; enabled: string }> {
  await makeTree(root, { "/etc": undefined, ...files });
  const { stdout, stderr } = await runOnTree(shell, "check.sh", root);
  assertEquals(stderr, "");
  const of = (check: string) =>
    stdout.split("\n").find((line) => line.includes(` ${check}: `)) ?? "";
  return { client: of("dhcp_client"), enabled: of("dhcp_enabled") };
}

shellTest(
  "check names every DHCP client that is installed, and fails without one",
  async (shell, folder) => {
    const { client } = await said(shell, `${folder}/all`, {
      ...NETWORKD,
      "/usr/sbin/dhclient": PROGRAM,
      "/usr/sbin/wickedd": PROGRAM,
      "/usr/bin/dhcpcd": undefined,
    });
    assertEquals(
      client,
      "ok dhcp_client: the network can be configured by: systemd-networkd dhclient wicked",
    );
    const busybox = await said(shell, `${folder}/busybox`, {
      "/bin/busybox": PROGRAM,
    });
    assertMatch(busybox.client, /^ok .* by: udhcpc$/);
    const none = await said(shell, `${folder}/none`, {});
    assertMatch(
      none.client,
      /^failure dhcp_client: no DHCP client is installed: .*; remedy: install one: "apt-get install /,
    );
  },
);

shellTest(
  "check says what starts a DHCP client at boot",
  async (shell, folder) => {
    const wants = "/etc/systemd/system/multi-user.target.wants";
    const script = "/etc/init.d/rcS";
    for (
      const [name, files, words] of [
        [
          "networkd",
          { ...NETWORKD, "/etc/netplan/a.yaml": "  dhcp4: true\n" },
          /^ok .* by \S+\/systemd-networkd\.service$/,
        ],
        [
          "manager",
          { ...NETWORKD, [`${wants}/NetworkManager.service`]: "-> x" },
          /^ok .* by \S+\/NetworkManager\.service$/,
        ],
        [
          "ifupdown",
          { ...NETWORKD, [`${wants}/networking.service`]: "-> x" },
          /^ok .* by \S+\/networking\.service$/,
        ],
        [
          "script",
          { ...NETWORKD, [script]: "exec udhcpc -i eth0\n" },
          /^ok .* by \/etc\/init\.d\/rcS$/,
        ],
        ["ifup", { [script]: "ifup -a\n" }, /^ok .* by \/etc\/init\.d\/rcS$/],
        [
          "idle",
          { ...NETWORKD, ...CONTAINERS, [script]: "# udhcpc -i eth0\n" },
          /^warning dhcp_enabled: systemd-networkd is enabled, but none of its files asks for DHCP; remedy: write .*80-dhcp\.network/,
        ],
        [
          "none",
          { "/lib/systemd/systemd-networkd": PROGRAM },
          /^warning dhcp_enabled: nothing was found .*\(systemd-networkd, NetworkManager, .*, wicked\)/,
        ],
      ] as const
    ) {
      const { enabled } = await said(shell, `${folder}/${name}`, files);
      assertMatch(enabled, words, name);
    }
  },
);
