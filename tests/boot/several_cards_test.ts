import { assertEquals } from "@std/assert";
import { type Arrival, ARRIVALS } from "./_arrivals.ts";
import type { Boot } from "./_boot.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { serversOf, wordsOf } from "./_card_servers.ts";
import { addCards, type Card, type Cards } from "./_cards.ts";
import { type Image, makeImage } from "./_image.ts";
import { logOf } from "./_log_of.ts";
import { runInMachine } from "./_name_and_notify.ts";
import {
  followRecipe,
  helpInContainer,
  NETWORK_RECIPES,
  type NetworkRecipe,
} from "./_network_recipes.ts";
import { putFiles } from "./_put_files.ts";
import { run } from "../helpers/command.ts";
import { inNamespace, type Network } from "../helpers/network.ts";

const VM = {
  vmId: "88888888-dddd-4ddd-8ddd-888888888888",
  computerName: "cards-vm",
};

/** How often each arrival is booted; once, for whoever does not ask for more. */
const BOOTS = Number(Deno.env.get("BOOT_TEST_CARDS") ?? 1);

/** From when `eth0` has an address: less than a wait for a card without a server takes, which is a minute or two. */
const READY_MS = 50_000;

/** Spares each boot the wait for an optical drive, which no container has. */
const NO_MEDIA = { path: "/etc/azure-provisioning.no-media", text: "" };

for (const recipe of NETWORK_RECIPES) {
  for (const arrival of ARRIVALS) {
    const { section = recipe.section } = arrival;
    if (section !== recipe.section) continue;
    bootTest(
      `${recipe.section} as docs/network.md has it, two cards and a virtual function, ${arrival.name}: Ready`,
      async () => {
        await using image = await makeImage(recipe.root);
        const failures: unknown[] = [];
        const seconds: number[] = [];
        for (let count = 1; count <= BOOTS; count++) {
          try {
            const [sinceBoot, sinceAddress] = await boot(
              image,
              recipe,
              arrival,
            );
            seconds.push(sinceBoot);
            console.log(
              `${recipe.section}, ${arrival.name}, boot ${count}: Ready after ${
                sinceBoot.toFixed(1)
              } s, ${sinceAddress.toFixed(1)} s after eth0 got an address`,
            );
          } catch (error) {
            failures.push(error);
            console.error(`Boot ${count}: ${error}`);
          }
        }
        console.log(
          `${recipe.section}, ${arrival.name}: ${seconds.length} of ${BOOTS} boots Ready, after ${
            Math.min(...seconds).toFixed(1)
          } to ${Math.max(...seconds).toFixed(1)} s`,
        );
        if (failures.length > 0) throw failures[0];
      },
    );
  }
}

/**
 * Boots a machine of its own.
 *
 * @returns How many seconds passed from the start of the boot until Ready, and from the last address of `eth0` until then.
 */
async function boot(
  image: Image,
  recipe: NetworkRecipe,
  { cards: cardOptions = {}, files = [], faults = [], come }: Arrival,
): Promise<[number, number]> {
  await using machine = await image.makeMachine();
  const { tree } = machine;
  await followRecipe(tree, recipe);
  await helpInContainer(tree, recipe);
  await putFiles(tree, [NO_MEDIA, ...files]);
  let cards: Cards | undefined;
  const options = {
    platform: { ...VM, faults },
    addressing: "dhcp",
    addToNetwork: async (network: Network) =>
      cards = await addCards(network, cardOptions),
  } as const;
  const startedAt = performance.now();
  return await withBoot(machine, options, async (boot) => {
    await using servers = serversOf(boot.network, cards!);
    try {
      await come({
        until: (what, holds) => boot.until(what, holds, BOOT_MS),
        programRuns: () => boot.programRuns(),
        serve: servers.serve,
        plugIn: async (card) => {
          await cards!.plugIn(card);
          if (recipe.hotplug) await announce(boot, card, cardOptions.missing);
        },
      });
      await boot.until(
        "eth0 gets an address",
        servers.eth0HasAddress,
        BOOT_MS,
      );
      const addressAt = performance.now();
      const ready = () => boot.platform!.seen().ready.length;
      await boot.until("Ready", () => ready() > 0, READY_MS);
      const readyAt = performance.now();
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      assertEquals(ready(), 1);
      return [(readyAt - startedAt) / 1000, (readyAt - addressAt) / 1000];
    } catch (error) {
      console.error(await describe(boot, tree));
      console.error(wordsOf(servers));
      throw error;
    }
  });
}

/** What udev has systemd start, if there is udev, for cards that the recipe has as `allow-hotplug`. */
async function announce(
  boot: Boot,
  card: Card,
  missing: Card | undefined,
): Promise<void> {
  if (card === "eth0" && missing !== "eth0") return;
  await boot.until("the machine runs", () => boot.started(), BOOT_MS);
  const { kind } = await runInMachine(boot, "systemd-run", {
    args: [
      "--no-block",
      "--property=RemainAfterExit=yes",
      "/sbin/ifup",
      "--allow=hotplug",
      card,
    ],
    timeoutMs: 30_000,
  });
  assertEquals(kind, "ok");
}

/** What helps to find out why a boot failed. */
async function describe({ network }: Boot, tree: string): Promise<string> {
  const [program, ...args] = inNamespace(network.machine, [
    "sh",
    "-c",
    "ip -brief link; ip -brief address; ip route",
  ]);
  const { stdout } = await run(program, args);
  const log = [await logOf("systemd", tree).catch(String)].flat().slice(-40);
  return `--- The machine's network\n${stdout}--- The program's log\n${
    log.join("\n")
  }`;
}
