import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { run } from "../../helpers/command.ts";
import { inNamespace } from "../../helpers/network.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { ovfEnvXml } from "../../media/_ovf_env.ts";
import type { Boot } from "../_boot.ts";
import { BOOT_MS, bootTest, withBoot } from "../_boot_case.ts";
import { makeImage } from "../_image.ts";
import { logOf } from "../_log_of.ts";
import { putFiles } from "../_put_files.ts";
import {
  LOGIN_RECIPE,
  SUDO_RS_RECIPE,
  SYSV_LOGIN_RECIPE,
} from "../_recipes.ts";
import { searchProcesses } from "./_search_processes.ts";

const VM = {
  vmId: "88888888-ffff-4fff-8fff-888888888888",
  computerName: "password-vm",
  args: ["--admin-username=azure", "--allow-passwords"],
};
const ADDRESS = "10.77.0.5";
const UUID = "66666666-1bbb-4bbb-8bbb-666666666666";
const PASSWORD = "Sesam-0effne-dich:'$x";

/** Where the password is from, and may stay. */
const SOURCE = "/usr/local/lib/password-test";

/** Takes the place of the script that mounts a drive, which a container does not have. */
const MEDIA = `#!/bin/sh
umask 077
mkdir -p /run/azure-provisioning
cp ${SOURCE}/ovf-env.xml /run/azure-provisioning/ovf-env.xml
`;

for (const recipe of [LOGIN_RECIPE, SUDO_RS_RECIPE, SYSV_LOGIN_RECIPE]) {
  bootTest(
    `${recipe.name}: the password opens a session and lets its owner become root, and nothing of the boot shows it`,
    async () => {
      await using secrets = await tempDir();
      const pattern = `${secrets.path}/password`;
      await Deno.writeTextFile(pattern, PASSWORD);
      const askpass = `${secrets.path}/askpass`;
      await Deno.writeTextFile(askpass, `#!/bin/sh\ncat ${pattern}\n`);
      await Deno.chmod(askpass, 0o700);
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      // It takes so long that a look at the processes cannot miss it.
      await Deno.rename(
        `${machine.tree}/usr/sbin/chpasswd`,
        `${machine.tree}/usr/sbin/slow-chpasswd`,
      );
      await putFiles(machine.tree, [
        {
          path: `${SOURCE}/ovf-env.xml`,
          text: ovfEnvXml({
            HostName: "password-vm",
            UserName: "azure",
            UserPassword: PASSWORD,
          }),
          mode: 0o600,
        },
        {
          path: "/usr/local/lib/azure-provisioning/media",
          text: MEDIA,
          mode: 0o755,
        },
        {
          path: "/usr/sbin/chpasswd",
          text: '#!/bin/sh\nsleep 2\nexec /usr/sbin/slow-chpasswd "$@"\n',
          mode: 0o755,
        },
        // As images for clouds have it.
        {
          path: "/etc/ssh/sshd_config.d/60-cloudimg-settings.conf",
          text: "PasswordAuthentication no\n",
        },
      ]);
      if (recipe === SUDO_RS_RECIPE) await makeItSudo(machine.tree);
      const found = await withBoot(
        machine,
        { platform: VM, uuid: UUID },
        async (boot) => {
          await using search = searchProcesses(PASSWORD, boot.firstProcess);
          await boot.until(
            "it is ready",
            () => boot.platform!.seen().ready.length > 0,
            BOOT_MS,
          );
          const processes = await search.stop();
          await assertLogsIn(boot, askpass);
          const root = `/proc/${boot.firstProcess()}/root`;
          const files = await filesWith(pattern, root, [
            "run",
            "tmp",
            "dev/shm",
            "etc",
            "home",
            "root",
            "var",
          ]);
          await boot.powerOff();
          return { processes, files };
        },
      );
      const log = (await logOf(recipe.init, machine.tree)).join("\n");
      assertStringIncludes(
        log,
        'password: password of "azure" set; passwords are on in sshd',
      );
      assertStringIncludes(
        log,
        'sudo: "azure" may become root with sudo, with a password',
      );
      assert(!log.includes(PASSWORD));
      for (const name of ["azure-provisioning", "chpasswd"]) {
        const limits = found.processes.coreLimits.get(name) ??
          `seen: ${[...found.processes.coreLimits.keys()]}`;
        assertMatch(limits, /^0 +0$/, name);
      }
      assertEquals(found.processes.showing, []);
      assertEquals(found.files, []);
      assertEquals(
        await filesWith(pattern, machine.tree, ["."]),
        [`${machine.tree}/.${SOURCE}/ovf-env.xml`],
        "the search finds what is there, and nothing else",
      );
    },
  );
}

/** As Ubuntu has it; Debian's package leaves its place to another sudo. */
async function makeItSudo(tree: string): Promise<void> {
  for (const name of ["sudo", "visudo"]) {
    await Deno.symlink(`${name}-rs`, `${tree}/usr/bin/${name}`);
  }
  await putFiles(tree, [{
    path: "/etc/sudoers",
    text: "root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n",
    mode: 0o440,
  }]);
}

/** Regular files that have the pattern, in some folders; journals and other binary files as well. */
async function filesWith(
  pattern: string,
  root: string,
  folders: readonly string[],
): Promise<string[]> {
  const { code, stdout, stderr } = await run("grep", [
    "-rlaF",
    "-D",
    "skip",
    "-f",
    pattern,
    ...folders.map((folder) => `${root}/${folder}`),
  ]);
  assert(code <= 1 || stderr !== "", stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Logs in from outside, as soon as sshd listens. */
async function assertLogsIn(boot: Boot, askpass: string): Promise<void> {
  const logIn = (command: string, auth = "password") => {
    const [program, ...args] = inNamespace(boot.network.platform, [
      "env",
      `SSH_ASKPASS=${askpass}`,
      "SSH_ASKPASS_REQUIRE=force",
      "ssh",
      "-F",
      "/dev/null",
      ...[
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "NumberOfPasswordPrompts=1",
        `PreferredAuthentications=${auth}`,
        "LogLevel=ERROR",
      ].flatMap((option) => ["-o", option]),
      `azure@${ADDRESS}`,
      command,
    ]);
    return run(program, args);
  };
  await boot.until("sshd listens", async () => {
    const { stderr } = await logIn("true", "none");
    return stderr.includes("Permission denied");
  }, BOOT_MS);
  const first = await logIn("id -un; sudo -n id -un");
  assertEquals(first.stdout, "azure\n", first.stderr);
  const root = await logIn(
    `printf '%s\\n' 'Sesam-0effne-dich:'\\''$x' | sudo -S id -un`,
  );
  assertStringIncludes(root.stdout, "root\n", root.stderr);
}
