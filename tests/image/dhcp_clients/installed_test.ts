import { assertEquals, assertMatch } from "@std/assert";
import { checkLines } from "../_check.ts";
import { type Shell, shellTest } from "../_shells.ts";
import { type Files, NETWORKD, PROGRAM } from "../_tree.ts";

/** What is said of the clients of a tree. */
async function clients(
  shell: Shell,
  root: string,
  files: Files,
): Promise<string> {
  return (await checkLines(shell, root, files))["dhcp_client"] ?? "";
}

shellTest(
  "check names every DHCP client that is installed, and fails without one",
  async (shell, folder) => {
    assertEquals(
      await clients(shell, `${folder}/all`, {
        ...NETWORKD,
        "/usr/sbin/dhclient": PROGRAM,
        "/usr/sbin/wickedd": PROGRAM,
        "/usr/bin/dhcpcd": undefined,
      }),
      "ok dhcp_client: the network can be configured by: systemd-networkd dhclient wicked",
    );
    assertMatch(
      await clients(shell, `${folder}/busybox`, { "/bin/busybox": PROGRAM }),
      /^ok .* by: udhcpc$/,
    );
    assertMatch(
      await clients(shell, `${folder}/none`, {}),
      /^failure dhcp_client: no DHCP client is installed: .*; remedy: install one: "apt-get install /,
    );
  },
);
