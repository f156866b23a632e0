import { assertEquals } from "@std/assert";
import { BOOT_MS, withBoot } from "../_boot_case.ts";
import { logOf } from "../_log_of.ts";
import { putFiles } from "../_put_files.ts";
import { LOGIN_RECIPE } from "../_recipes.ts";
import { sharedImageTest } from "../_shared_image.ts";
import { untilLetIn } from "../_until_let_in.ts";
import { keysFor } from "./_keys.ts";

const VM = {
  vmId: "88888888-eeee-4eee-8eee-888888880011",
  computerName: "automount-vm",
};
const ADDRESS = "10.77.0.5";

const UNITS = "/etc/systemd/system";

sharedImageTest(
  "a home below a /home that is mounted when somebody looks is made there, and its user logs in",
  LOGIN_RECIPE,
  async (image) => {
    await using keys = await keysFor("azure");
    await using machine = await image.makeMachine();
    await putFiles(machine.tree, [
      {
        path: `${UNITS}/home.mount`,
        text: "[Mount]\nWhat=/srv\nWhere=/home\nType=none\nOptions=bind\n",
      },
      {
        path: `${UNITS}/home.automount`,
        text: "[Automount]\nWhere=/home\n",
      },
      { path: "/etc/azure-provisioning.no-media", text: "" },
    ], [{
      path: `${UNITS}/local-fs.target.wants/home.automount`,
      target: `${UNITS}/home.automount`,
    }]);
    const platform = { ...VM, args: keys.args };
    const options = { platform, nspawn: ["--bind=/dev/autofs"] };
    await withBoot(machine, options, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      const log = (await logOf("systemd", machine.tree)).join("\n");
      assertEquals(boot.platform!.seen().ready.length, 1, log);
      const said = await untilLetIn(boot, [
        ...keys.ssh,
        `azure@${ADDRESS}`,
        "pwd -P; stat -c %U:%G /srv/azure",
      ]);
      assertEquals(said, "/home/azure\nazure:azure\n", log);
      assertEquals(await boot.powerOff(), VM.computerName);
      assertEquals(await boot.failedUnits(), []);
    });
  },
);
