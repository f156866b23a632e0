import { assert, assertEquals } from "@std/assert";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { addCards, type OtherCards } from "./_cards.ts";
import { BOOTED_CLIENTS, DHCP_CLIENTS_RECIPE } from "./_dhcp_clients.ts";
import type { Boot } from "./_boot.ts";
import { makeImage } from "./_image.ts";
import { runInMachine } from "./_name_and_notify.ts";
import { putFiles } from "./_put_files.ts";
import { NETWORKD, type Recipe, recipe } from "./_recipes.ts";
import { succeed } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "88888888-dddd-4ddd-8ddd-888888888888",
  computerName: "cards-vm",
};

/** How often each order is booted; once, for whoever does not ask for more. */
const BOOTS = Number(Deno.env.get("BOOT_TEST_CARDS") ?? 1);

/** How long the first card is alone, in milliseconds. */
const APART_MS = 4000;

/** Less than the two minutes that a wait for a card without a server takes. */
const READY_MS = 100_000;

/** In which order the cards' networks answer. */
const ORDERS = ["eth1 first", "eth0 first", "at once"] as const;

/** A section of the page, and the root that its recipe is for. */
interface Way {
  readonly section: string;
  readonly root: Recipe;
  /** Whether udev has to start ifupdown for `eth1`. */
  readonly hotplug?: true;
  /** What the root lacks. */
  readonly prepare?: (tree: string) => Promise<void>;
}

function rootOf(client: string): Recipe {
  return BOOTED_CLIENTS.find(({ name }) => name === client)!.late!;
}

/** Debian's own unit does not start in systemd-nspawn; without udev, dhcpcd must not wait for it. */
const DHCPCD_UNIT = {
  path: "/etc/systemd/system/dhcpcd.service",
  text: `[Unit]
Wants=network.target
Before=network.target
[Service]
Type=forking
ExecStartPre=/bin/mount -o remount,rw,bind /proc/sys
ExecStart=/usr/sbin/dhcpcd --background --nodev
[Install]
WantedBy=multi-user.target
`,
};

/** A root that has every client needs it to be the only one. */
async function prepareDhcpcd(tree: string): Promise<void> {
  await putFiles(tree, [DHCPCD_UNIT]);
  await succeed("systemctl", [
    `--root=${tree}`,
    "mask",
    "NetworkManager.service",
    "NetworkManager-wait-online.service",
  ]);
}

const WAYS: readonly Way[] = [
  {
    section: "systemd-networkd",
    root: { ...recipe("networkd", "systemd"), ...NETWORKD },
  },
  { section: "NetworkManager", root: rootOf("NetworkManager") },
  {
    section: "ifupdown with dhclient",
    root: rootOf("dhclient"),
    hotplug: true,
  },
  { section: "ifupdown with udhcpc", root: rootOf("udhcpc"), hotplug: true },
  {
    section: "dhcpcd",
    root: DHCP_CLIENTS_RECIPE,
    prepare: prepareDhcpcd,
  },
];

/** The commands of a section of docs/network.md. */
async function commandsOf(section: string): Promise<string> {
  const page = await Deno.readTextFile(`${ROOT}docs/network.md`);
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [, commands] = /```sh\n(.*?)```/s.exec(text.split("\n## ")[0]!) ?? [];
  assert(commands !== undefined, `docs/network.md has no recipe "${section}"`);
  return commands;
}

for (const { section, root, hotplug, prepare } of WAYS) {
  for (const order of ORDERS) {
    bootTest(
      `${section}: two cards and a virtual function, ${order}: Ready, as docs/network.md has it (${BOOTS} boots)`,
      async () => {
        await using image = await makeImage(root);
        for (let count = 1; count <= BOOTS; count++) {
          await using machine = await image.makeMachine();
          const { tree } = machine;
          await Deno.remove(`${tree}/etc/systemd/network/eth0.network`)
            .catch(() => {});
          await prepare?.(tree);
          await succeed("sh", [
            "-euc",
            `tree=$0; ${await commandsOf(section)}`,
            tree,
          ]);
          const options = { platform: VM, addressing: "dhcp" } as const;
          await withBoot(machine, options, async (boot) => {
            await using cards = await addCards(boot.network);
            const startedAt = performance.now();
            await plugIn(boot, cards, order, hotplug);
            await boot.until(
              "the unit is done",
              () => boot.unitIsDone(),
              READY_MS,
            );
            const { ready } = boot.platform!.seen();
            assertEquals(ready.length, 1);
            const seconds = (performance.now() - startedAt) / 1000;
            console.log(
              `${section}, ${order}, boot ${count}: Ready after ${
                seconds.toFixed(1)
              } s`,
            );
          });
        }
      },
    );
  }
}

async function plugIn(
  boot: Boot,
  cards: OtherCards,
  order: typeof ORDERS[number],
  hotplug: true | undefined,
): Promise<void> {
  const { network } = boot;
  const second = async () => {
    await cards.plugIn();
    if (!hotplug) return;
    await boot.until("the machine runs", () => boot.started(), BOOT_MS);
    // What udev has systemd start, if there is udev.
    const { kind } = await runInMachine(boot, "systemd-run", {
      args: [
        "--no-block",
        "--property=RemainAfterExit=yes",
        "/sbin/ifup",
        "--allow=hotplug",
        "eth1",
      ],
      timeoutMs: 30_000,
    });
    assertEquals(kind, "ok");
  };
  const has = (server: OtherCards["first"]) =>
    boot.until(
      "a server gives an address",
      () => /DHCPACK/.test(server.output.stderr),
      BOOT_MS,
    );
  switch (order) {
    case "eth1 first":
      await second();
      await has(cards.second);
      await sleep(APART_MS);
      await network.plugIn();
      break;
    case "eth0 first":
      await network.plugIn();
      await has(cards.first);
      await second();
      break;
    case "at once":
      await Promise.all([network.plugIn(), second()]);
      break;
  }
}
