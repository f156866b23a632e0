import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import type { Boot } from "../_boot.ts";
import { BOOT_MS, bootTest, withBoot } from "../_boot_case.ts";
import { makeImage } from "../_image.ts";
import type { ImageFile, ImageLink } from "../_inits.ts";
import { logOf } from "../_log_of.ts";
import { putFiles } from "../_put_files.ts";
import { LOGIN_RECIPE, type Recipe } from "../_recipes.ts";
import {
  type Credential,
  firstLogin,
  logInFromOutside,
} from "./_log_in_from_outside.ts";
import { EACH_LOGIN_RECIPE } from "./_login_recipes.ts";
import { mediaStandIn } from "./_media_stand_in.ts";

const VM = {
  vmId: "88888888-1eee-4eee-8eee-888888888888",
  computerName: "login-vm",
};
const UUID = "66666666-1ccc-4ccc-8ccc-666666666666";
const PASSWORD = "Sesam: '\xf6ffne' $dich ";

/** How long sshd may take from Ready on, however busy this machine is. */
const SSHD_MS = 60_000;

/** What is special about an image. */
interface Image {
  readonly files?: readonly ImageFile[];
  readonly links?: readonly ImageLink[];
}

/** An image says the opposite of what the VM was created with. */
const sshdSays = (text: string): ImageFile => ({
  path: "/etc/ssh/sshd_config.d/60-cloudimg-settings.conf",
  text: `PasswordAuthentication ${text}\n`,
});

/** An image whose sshd is started by a unit that the program's is not ordered before. */
const ANOTHER_UNIT: Image = {
  files: [{
    path: "/etc/systemd/system/secure-shell.service",
    text:
      "[Service]\nRuntimeDirectory=sshd\nExecStart=/usr/sbin/sshd -D\n[Install]\nWantedBy=multi-user.target\n",
  }],
  links: [
    { path: "/etc/systemd/system/ssh.service", target: "/dev/null" },
    {
      path: "/etc/systemd/system/multi-user.target.wants/secure-shell.service",
      target: "../secure-shell.service",
    },
  ],
};

/** Each init, and what else decides about the order of the boot. */
const CASES: readonly [string, Recipe, Image?][] = [
  ...EACH_LOGIN_RECIPE.map((it) => [it.name, it] as [string, Recipe]),
  ["a unit of another name", LOGIN_RECIPE, ANOTHER_UNIT],
];

for (const [name, recipe, { files = [], links = [] } = {}] of CASES) {
  bootTest(
    `${name}: after Ready, the first login with the key works, its owner becomes root without a password, and no password is taken`,
    async () => {
      await using keys = await tempDir();
      const key = `${keys.path}/key`;
      await succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      const publicKey = (await Deno.readTextFile(`${key}.pub`)).trim();
      const args = ["--admin-username=azure", `--public-key=${publicKey}`];
      await bootAndLogIn(recipe, {
        args,
        files: [sshdSays("yes"), ...files],
        links,
        credential: { key },
        sudo: "sudo -n id -un",
        takes: "publickey",
      });
    },
  );

  bootTest(
    `${name}: after Ready, the first login with the password works, and sudo asks for it`,
    async () => {
      await using secrets = await tempDir();
      const askpass = `${secrets.path}/askpass`;
      await Deno.writeTextFile(`${secrets.path}/password`, PASSWORD);
      await Deno.writeTextFile(
        askpass,
        `#!/bin/sh\ncat ${secrets.path}/password\n`,
      );
      await Deno.chmod(askpass, 0o700);
      const quoted = PASSWORD.replaceAll("'", "'\\''");
      const media = mediaStandIn({
        HostName: VM.computerName,
        UserName: "azure",
        UserPassword: PASSWORD,
      });
      await bootAndLogIn(recipe, {
        args: ["--admin-username=azure", "--allow-passwords"],
        files: [sshdSays("no"), ...media, ...files],
        links,
        credential: { askpass },
        sudo:
          `! sudo -n true 2>&-; printf '%s\\n' '${quoted}' | sudo -S id -un`,
        takes: "publickey,password",
      });
    },
  );
}

/** What is special about a VM, and what its user does. */
interface Case {
  /** Options of `simulate`. */
  readonly args: readonly string[];
  /** What its image has. */
  readonly files: readonly ImageFile[];
  /** Links that its image has. */
  readonly links: readonly ImageLink[];
  /** With what its user logs in. */
  readonly credential: Credential;
  /** How its user becomes root. */
  readonly sudo: string;
  /** The ways to log in that sshd offers from then on. */
  readonly takes: string;
}

async function bootAndLogIn(
  recipe: Recipe,
  { args, files, links, credential, sudo, takes }: Case,
): Promise<void> {
  await using image = await makeImage(recipe);
  await using machine = await image.makeMachine();
  await putFiles(machine.tree, files, links);
  const platform = { ...VM, args };
  await withBoot(machine, { platform, uuid: UUID }, async (boot) => {
    await boot.until("it is ready", () => isReady(boot), BOOT_MS);
    const command = `id -un; ${sudo}`;
    const login = { credential, command };
    const { result, refused, afterMs } = await firstLogin(boot, login, SSHD_MS);
    const log = async () => (await logOf(recipe.init, machine.tree)).join("\n");
    assertEquals(
      result.stdout,
      "azure\nroot\n",
      `${result.stderr}\n${await log()}`,
    );
    assert(afterMs < SSHD_MS, `after ${afterMs} ms, ${refused.length} refused`);
    const none = await logInFromOutside(boot, { credential: "none", command });
    assertStringIncludes(none.stderr, `Permission denied (${takes}).`);
    await boot.powerOff();
  });
}

function isReady({ platform }: Pick<Boot, "platform">): boolean {
  return platform!.seen().ready.length > 0;
}
