import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { installTest } from "./_case.ts";
import { BARE, type Files, INITS, makeTree, snapshot } from "./_tree.ts";

const SCRIPT = "usr/local/lib/azure-provisioning/userdata";
const UNIT = "etc/systemd/system/azure-provisioning-userdata.service";
const WANTS = "etc/systemd/system/multi-user.target.wants";

/** What a VM has of its user data, and what has come of them. */
const LEFT: Files = {
  "var/lib/azure-provisioning/customData": "#!/bin/sh\necho secret\n",
  "var/lib/azure-provisioning/.customData.azure-provisioning": "#!",
  "var/lib/azure-provisioning/.customdata.run": "#!/bin/sh\necho secret\n",
  "var/lib/azure-provisioning/customdata.result": "{}",
  "var/lib/azure-provisioning/userData": "#!/bin/sh\necho secret\n",
  "var/lib/azure-provisioning/.userData.azure-provisioning": "#!",
  "var/lib/azure-provisioning/.userdata.run": "#!/bin/sh\necho secret\n",
  "var/lib/azure-provisioning/userdata.result": "{}",
  "var/log/azure-provisioning-userdata.log": "secret\n",
};

for (const [init, files] of Object.entries(INITS)) {
  installTest(
    `puts what runs user data into an image with ${init}, and enables it nowhere`,
    async ({ root, install }) => {
      await makeTree(root, BARE, files);
      const plan = await install(["--dry-run"]);
      assertStringIncludes(plan.stdout, `would write ${root}/${SCRIPT}\n`);
      const { code, stderr } = await install();
      assertEquals(code, 0, stderr);
      const installed = await snapshot(root);
      assert(installed.some((line) => line.startsWith(`${SCRIPT} 100755 `)));
      assertEquals(
        installed.some((line) => line.startsWith(`${UNIT} 100644 `)),
        init === "systemd",
      );
      assertEquals(
        installed.filter((line) => /^\S*userdata\S* -> /.test(line)),
        [],
      );
      assertEquals(
        installed.some((line) => line.startsWith("etc/azure-provisioning")),
        false,
      );
    },
  );
}

installTest(
  "a preset keeps what runs user data disabled",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!);
    await install();
    const preset = await Deno.readTextFile(
      `${root}/etc/systemd/system-preset/80-azure-provisioning.preset`,
    );
    assertStringIncludes(
      preset,
      "\ndisable azure-provisioning-userdata.service\n",
    );
  },
);

installTest(
  "--uninstall takes user data away, too, what came of them, and the link that enabled their unit",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, {
      "var/lib/azure-provisioning/provisioned.json": "{}",
      "var/log/syslog": "",
    });
    const before = await snapshot(root);
    await install();
    await makeTree(root, LEFT, {
      [`${WANTS}/azure-provisioning-userdata.service`]: `-> /${UNIT}`,
    });
    const full = await snapshot(root);
    const plan = await install(["--uninstall", "--dry-run"]);
    for (const path of Object.keys(LEFT)) {
      assertStringIncludes(plan.stdout, `would remove ${root}/${path}\n`);
    }
    assertEquals(await snapshot(root), full);

    const { code, stderr } = await install(["--uninstall"]);
    assertEquals(code, 0, stderr);
    assertEquals(await snapshot(root), before);
  },
);
