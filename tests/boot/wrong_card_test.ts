import { assertEquals, assertMatch } from "@std/assert";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { serversOf } from "./_card_servers.ts";
import { addCards, type Cards } from "./_cards.ts";
import { makeImage } from "./_image.ts";
import { logOf } from "./_log_of.ts";
import { STATE_DIR } from "./_mark_of.ts";
import { followRecipe, NETWORK_RECIPES } from "./_network_recipes.ts";
import { putFiles } from "./_put_files.ts";
import type { Network } from "../helpers/network.ts";

const VM = {
  vmId: "88888888-eeee-4eee-8eee-888888888888",
  computerName: "wrong-card-vm",
};

const FILES = [
  { path: "/etc/azure-provisioning.no-media", text: "" },
  { path: "/etc/azure-provisioning.conf", text: "timeout = 30\n" },
];

/** Otherwise the unit waits for it for two minutes before it starts the program. */
const NO_WAIT = {
  path: "/etc/systemd/system/systemd-networkd-wait-online.service",
  target: "/dev/null",
};

/** The card, its address, its gateway and the route, as in docs/troubleshooting.md. */
const WAY =
  /packets to 168\.63\.129\.16 go through "eth1" \(10\.78\.0\.\d+, gateway 10\.78\.0\.1, route 168\.63\.129\.16\/32\)/;

const [recipe] = NETWORK_RECIPES;

bootTest(
  "two cards of which only the wrong one has an address: journal and record name it, its address and the route",
  async () => {
    await using image = await makeImage(recipe!.root);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    await followRecipe(tree, recipe!);
    await putFiles(tree, FILES, [NO_WAIT]);
    let cards: Cards | undefined;
    const options = {
      platform: VM,
      addressing: "dhcp",
      addToNetwork: async (network: Network) => cards = await addCards(network),
    } as const;
    await withBoot(machine, options, async (boot) => {
      await using servers = serversOf(boot.network, cards!);
      servers.serve("eth1");
      await cards!.plugIn("eth1");
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      await boot.powerOff();
    });
    const log = await logOf("systemd", tree);
    const error = log.findLast((line) => line.startsWith("Error: "));
    assertMatch(error ?? log.join("\n"), WAY);
    const record = JSON.parse(
      await Deno.readTextFile(`${tree}${STATE_DIR}/status.json`),
    );
    assertEquals(record.outcome, "failed", JSON.stringify(record));
    assertMatch(JSON.stringify(record.error).replaceAll('\\"', '"'), WAY);
  },
);
