import { assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { SSH_KEYS } from "../../helpers/ssh_keys.ts";
import { BOOT_MS, bootTest, withBoot } from "../_boot_case.ts";
import { makeImage } from "../_image.ts";
import { logOf } from "../_log_of.ts";
import { LOGIN_RECIPE } from "../_recipes.ts";

const KEY = SSH_KEYS.ed25519!;
const PLATFORM = {
  vmId: "88888888-eeee-4eee-8eee-888888888888",
  computerName: "login-vm",
  args: ["--admin-username=azure", `--public-key=${KEY}`],
};

for (
  const [what, arrange, warning] of [
    ["an ordinary image", "", undefined],
    [
      "an SSH server that nothing starts",
      "rm etc/systemd/system/*.wants/ssh*",
      '"azure" may not be able to log in: nothing starts "sshd"; enable it in the image',
    ],
  ] as const
) {
  bootTest(
    `the hardened unit writes keys where sshd reads them, and judges ${what}`,
    async () => {
      await using image = await makeImage(LOGIN_RECIPE);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await succeed("sh", ["-euc", `cd "$0"; ${arrange}`, tree]);
      await Deno.writeTextFile(
        `${tree}/etc/ssh/sshd_config.d/10-keys.conf`,
        "AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u\n",
      );
      await Deno.writeTextFile(
        `${tree}/etc/azure-provisioning.conf`,
        "with = user, ssh-keys\n",
      );
      await withBoot(machine, { platform: PLATFORM }, async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await boot.powerOff();
        const log = (await logOf("systemd", tree)).join("\n");
        assertEquals(boot.platform!.seen().ready.length, 1, log);
        assertStringIncludes(
          log,
          'SSH keys of "azure" written: 1, to "/etc/ssh/authorized_keys.d/azure"',
        );
        assertEquals(
          /".*able to log in: .*|".*cannot log in: .*/.exec(log)?.[0],
          warning,
          log,
        );
      });
      const path = `${tree}/etc/ssh/authorized_keys.d/azure`;
      assertStringIncludes(await Deno.readTextFile(path), KEY.split(" ")[1]!);
      const { uid, mode } = await Deno.stat(path);
      assertEquals([uid, mode! & 0o777], [0, 0o644]);
    },
  );
}
