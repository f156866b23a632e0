import { assertEquals, assertStringIncludes } from "@std/assert";
import { readPage, sectionOf } from "../docs/_pages.ts";
import { run, succeed } from "../helpers/command.ts";
import { inNamespace } from "../helpers/network.ts";
import { ROOT } from "../helpers/program.ts";
import { agentProgram } from "./_agent.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { cached, shortHash } from "./_cache.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import type { Machine } from "./_image.ts";
import { INITS } from "./_inits.ts";
import { ANYWHERE } from "./_install.ts";
import { logOf } from "./_log_of.ts";
import { layOver } from "./_overlay.ts";
import { putFiles } from "./_put_files.ts";
import { temporaryFolder } from "./_temporary_folder.ts";

const PAGE = await readPage("docs/image-builders.md");
const VM = {
  vmId: "99999999-eeee-4eee-8eee-999999999999",
  computerName: "recipe-vm",
};
const UUID = "99999999-1aaa-4aaa-8aaa-999999999999";

/** The script of a section. */
function scriptOf(heading: string): string {
  return /```sh\n([\s\S]*?)```/.exec(sectionOf(PAGE, heading))![1]!;
}

for (const suite of ["bookworm", "trixie"]) {
  bootTest(
    `the recipe for mmdebstrap and those for disks, as they are printed, make an image of ${suite} that boots, reports and lets its owner in`,
    async () => {
      await using folder = await temporaryFolder();
      const [bootstrap, ...rest] = scriptOf("## mmdebstrap").split(
        /^(?=printf)/m,
      );
      // The packages stay the same, and are fetched once.
      const base = await cached(
        `recipes/${suite}-${await shortHash(bootstrap!)}`,
        async (tree) => {
          await shell(bootstrap!, suite, tree);
        },
      );
      await using disk = await layOver([base], folder.path);
      const { stdout } = await shell(
        `${
          rest.join("").replaceAll(
            "azure-provisioning/install.sh",
            `${ROOT}install.sh`,
          )
        }${scriptOf("## What a first boot also wants")}`,
        suite,
        disk.tree,
      );
      assertStringIncludes(stdout, "\nThis image is ready for Azure, with ");
      await bootAndLogIn(disk, folder.path);
    },
  );
}

/** Runs a script that says "set -eu" itself, or is the first half of one that does. */
async function shell(script: string, suite: string, tree: string) {
  const { code, stdout, stderr } = await run(
    "env",
    [`SUITE=${suite}`, `TREE=${tree}`, "sh", "-euc", script],
    900_000,
  );
  assertEquals(code, 0, `${stdout}${stderr}`);
  return { stdout };
}

async function bootAndLogIn(disk: Machine, keys: string): Promise<void> {
  const { tree } = disk;
  const { agent, powerOff } = INITS.systemd;
  await putFiles(
    tree,
    [ANYWHERE, agentProgram(powerOff), ...agent.files],
    agent.links,
  );
  await Deno.mkdir(`${tree}/var/log/journal`, { recursive: true });
  await succeed("ssh-keygen", ["-qt", "ed25519", "-N", "", "-f", `${keys}/k`]);
  const key = (await Deno.readTextFile(`${keys}/k.pub`)).trim();
  const platform = {
    ...VM,
    args: ["--admin-username=owner", `--public-key=${key}`],
  };
  const options = { platform, uuid: UUID, addressing: "dhcp" } as const;
  await withBoot(disk, options, async (boot) => {
    await using server = startDhcpServer(boot.network);
    await boot.network.plugIn();
    await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
    const log = (await logOf("systemd", tree)).join("\n");
    assertEquals(boot.platform!.seen().ready.length, 1, log);
    const address = /DHCPACK\(eth0\) (\S+)/.exec(server.output.stderr)![1]!;
    const [program, ...args] = inNamespace(boot.network.platform, [
      "ssh",
      "-F/dev/null",
      "-oStrictHostKeyChecking=no",
      "-oUserKnownHostsFile=/dev/null",
      "-oBatchMode=yes",
      "-oIdentitiesOnly=yes",
      "-oLogLevel=ERROR",
      "-i",
      `${keys}/k`,
      `owner@${address}`,
      "id -un",
    ]);
    let said = await run(program, args);
    await boot.until("sshd takes the key", async () => {
      if (said.code !== 0) said = await run(program, args);
      return said.code === 0;
    }, 60_000);
    assertEquals(said.stdout, "owner\n");
    assertEquals(await boot.powerOff(), VM.computerName);
  });
}
