import { assertEquals } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { agentProgram } from "./_agent.ts";
import { BOOT_MS, withBoot } from "./_boot_case.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import type { Machine } from "./_image.ts";
import { INITS } from "./_inits.ts";
import { ANYWHERE } from "./_install.ts";
import { logOf } from "./_log_of.ts";
import { putFiles } from "./_put_files.ts";
import { untilLetIn } from "./_until_let_in.ts";

const VM = {
  vmId: "99999999-eeee-4eee-8eee-999999999999",
  computerName: "recipe-vm",
};
const UUID = "99999999-1aaa-4aaa-8aaa-999999999999";

/**
 * Boots an image with systemd, an SSH server and the program, as a VM whose owner
 * has a key, and has the owner log in over the network.
 *
 * @param disk The machine's disk.
 * @param keys A folder for the owner's key.
 */
export async function bootAndLogIn(disk: Machine, keys: string): Promise<void> {
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
    const said = await untilLetIn(boot, [
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
    assertEquals(said, "owner\n");
    assertEquals(await boot.powerOff(), VM.computerName);
  });
}
