import { assertEquals } from "@std/assert";
import { type Boot, bootMachine } from "./_boot.ts";
import { BOOT_MS, bootTest } from "./_boot_case.ts";
import {
  DHCP_CLIENT_WAYS,
  DHCP_CLIENTS_RECIPE,
  type DhcpClientWay,
  useClient,
} from "./_dhcp_clients.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import { makeImage } from "./_image.ts";
import { nameAndNotify, runInMachine } from "./_name_and_notify.ts";
import { addressOf, resolve } from "./_resolve.ts";
import { tellIfItFails } from "./_tell_if_it_fails.ts";
import { ENOUGH, startTraffic } from "./_traffic.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { waitUntil } from "../helpers/wait_until.ts";

/** How often a machine is renamed. */
const ROUNDS = RUNS_ALL ? 50 : 3;

/** A client may wait for some seconds, as dhcpcd does, and a busy machine for more. */
const IN_DNS_MS = 20_000;

const VM = {
  vmId: "66666666-ffff-4fff-8fff-666666666666",
  computerName: "named-vm",
};

for (const client of DHCP_CLIENT_WAYS) {
  const more = client.once ? 0 : ROUNDS;
  bootTest(
    `${client.name}: the first boot's name gets into DNS, as do ${more} more, and nothing that is sent is lost`,
    async () => {
      await using image = await makeImage(DHCP_CLIENTS_RECIPE);
      await using machine = await image.makeMachine();
      await useClient(machine.tree, client);
      await using boot = await bootMachine(machine, {
        addressing: "dhcp",
        platform: VM,
      });
      await using _server = startDhcpServer(boot.network, { dns: true });
      await boot.network.plugIn();
      await tellIfItFails(boot, () => rename(boot, client));
    },
  );
}

async function rename(
  boot: Boot,
  { once = false }: DhcpClientWay,
): Promise<void> {
  const { network } = boot;
  await boot.until(
    "the machine has an address",
    async () => await addressOf(network) !== undefined,
    BOOT_MS,
  );
  const address = (await addressOf(network))!;
  await using traffic = await startTraffic(network, address);
  await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
  assertEquals(boot.platform!.seen().ready.length, 1);
  await waitForName(boot, VM.computerName, address);
  for (let round = 1; !once && round <= ROUNDS; round++) {
    const name = `name-${round}`;
    const { notified, problems } = await nameAndNotify(boot, name);
    assertEquals([notified.length, problems], [1, []]);
    await waitForName(boot, name, address);
    // It starts no more than five times in ten seconds.
    await runInMachine(boot, "systemctl", {
      args: ["reset-failed", "systemd-networkd.service"],
      timeoutMs: 5_000,
    });
  }
  const { datagrams, lost, lines, missing, removals } = await traffic.stop();
  assertEquals([lost, missing, removals], [0, 0, []]);
  assertEquals([datagrams > ENOUGH, lines > ENOUGH], [true, true]);
  assertEquals(await addressOf(network), address);
}

async function waitForName(
  { network }: Boot,
  name: string,
  address: string,
): Promise<void> {
  await waitUntil(
    `"${name}" is in DNS`,
    async () => await resolve(network, name) === address,
    IN_DNS_MS,
  );
}
