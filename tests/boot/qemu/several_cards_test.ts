import { assertEquals } from "@std/assert";
import { ARRIVALS } from "../_arrivals.ts";
import { serversOf, wordsOf } from "../_card_servers.ts";
import type { Cards } from "../_cards.ts";
import { followRecipe, NETWORK_RECIPES } from "../_network_recipes.ts";
import { putFiles } from "../_put_files.ts";
import type { Network } from "../../helpers/network.ts";
import type { Disk } from "./_disk.ts";
import { AZURE } from "./_hardware.ts";
import { makeQemuCards } from "./_qemu_cards.ts";
import {
  makeQemuDisk,
  QEMU_BOOT_MS,
  qemuTest,
  withQemuBoot,
} from "./_qemu_case.ts";

const VM = {
  vmId: "88888888-cccc-4ccc-8ccc-888888888888",
  computerName: "qemu-cards-vm",
};

/** How often each arrival is booted; once, for whoever does not ask for more. */
const BOOTS = Number(Deno.env.get("BOOT_TEST_QEMU_CARDS") ?? 1);

const TRIED = ["both at once", "eth0 first", "eth1 first"];

const FILES = [
  { path: "/etc/azure-provisioning.no-media", text: "" },
  // What is said is seen if the boot fails, when the disk's changes are lost.
  {
    path: "/etc/systemd/journald.conf.d/console.conf",
    text: "[Journal]\nForwardToConsole=yes\nMaxLevelConsole=info\n",
  },
];

for (const recipe of NETWORK_RECIPES) {
  const root = {
    ...recipe.root,
    name: `${recipe.root.name}-udev`,
    packages: [...recipe.root.packages, "udev"],
  };
  qemuTest(
    `${recipe.section} under QEMU as docs/network.md has it, two cards and a third of the same MAC address: Ready, whichever comes first`,
    async () => {
      await using disk = await makeQemuDisk(root, {
        files: [],
        links: [],
        finish: async (tree) => {
          await followRecipe(tree, recipe);
          await putFiles(tree, FILES);
        },
      });
      for (const name of TRIED) {
        for (let count = 1; count <= BOOTS; count++) {
          const seconds = await boot(disk, name);
          console.log(
            `${recipe.section} under QEMU, ${name}, boot ${count}: Ready ${
              seconds.toFixed(1)
            } s after eth0 got an address`,
          );
        }
      }
    },
  );
}

/** @returns How many seconds passed from the address of `eth0` until Ready. */
async function boot(disk: Disk, name: string): Promise<number> {
  let cards: Cards | undefined;
  const options = {
    hardware: AZURE,
    platform: VM,
    discardChanges: true,
    cards: async (network: Network) => {
      const made = await makeQemuCards(network);
      cards = made;
      return made;
    },
  } as const;
  const { come } = ARRIVALS.find((arrival) => arrival.name === name)!;
  return await withQemuBoot(disk, options, async (boot) => {
    await using servers = serversOf(boot.network, cards!);
    try {
      await come({
        until: (what, holds) => boot.until(what, holds, QEMU_BOOT_MS),
        programRuns: () => boot.heard("started") !== undefined,
        serve: servers.serve,
        plugIn: cards!.plugIn,
      });
      await boot.until(
        "eth0 gets an address",
        servers.eth0HasAddress,
        QEMU_BOOT_MS,
      );
      const addressAt = performance.now();
      const ready = () => boot.platform.seen().ready.length;
      await boot.until("Ready", () => ready() > 0, QEMU_BOOT_MS);
      const seconds = (performance.now() - addressAt) / 1000;
      await boot.until(
        "the unit is done",
        () => boot.heardAll(["done"]),
        QEMU_BOOT_MS,
      );
      assertEquals(ready(), 1);
      return seconds;
    } catch (error) {
      console.error(wordsOf(servers));
      throw error;
    }
  });
}
