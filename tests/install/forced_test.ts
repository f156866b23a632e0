import { assertEquals, assertStringIncludes } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree } from "./_tree.ts";

installTest(
  "accepts other reporters that are disabled",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, {
      "usr/bin/cloud-init": "#!/usr/bin/python3\n",
      "etc/cloud/cloud-init.disabled": "",
      "usr/bin/afterburn": elf("x86_64"),
      "usr/lib/systemd/system/afterburn-checkin.service": "",
      "usr/lib/systemd/system/walinuxagent.service": "",
      "usr/sbin/waagent": "#!/usr/bin/python3\n",
      "var/lib/dpkg/status":
        "Package: azure-init\nStatus: deinstall ok config-files\n\n",
    });
    const { code, stderr } = await install();
    assertEquals(code, 0, stderr);
  },
);

installTest(
  "goes on with --force over another reporter, no DHCP client and a foreign file, and warns",
  async ({ root, install }) => {
    const { "usr/sbin/dhclient": _, ...bare } = BARE;
    await makeTree(root, bare, INITS["systemd"]!, {
      "usr/bin/cloud-init": "#!/usr/bin/python3\n",
      "usr/local/bin/azure-provisioning": "mine\n",
    });
    const { code, stderr } = await install(["--force"]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "Warning: another program reports");
    assertStringIncludes(stderr, "Warning: no DHCP client");
  },
);
