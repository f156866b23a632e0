import { assert } from "@std/assert";
import { BOOTED_CLIENTS } from "./_dhcp_clients.ts";
import { NETWORKD, type Recipe, recipe } from "./_recipes.ts";
import { succeed } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";

/** A recipe of docs/network.md. */
export interface NetworkRecipe {
  /** Its section. */
  readonly section: string;
  /** The root that it is for. */
  readonly root: Recipe;
  /** Whether udev is to start it for a card. */
  readonly hotplug?: true;
  /** Shell commands for what a container lacks, after the recipe; `$tree` is the root. */
  readonly inContainer?: string;
}

function rootOf(client: string): Recipe {
  return BOOTED_CLIENTS.find(({ name }) => name === client)!.late!;
}

/** Every recipe. */
export const NETWORK_RECIPES: readonly NetworkRecipe[] = [
  {
    section: "systemd-networkd",
    root: { ...recipe("networkd", "systemd"), ...NETWORKD },
  },
  {
    section: "netplan",
    // That of the newest release needs no Python.
    root: {
      ...recipe("netplan", "systemd"),
      suite: "trixie",
      packages: ["netplan-generator"],
    },
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
    root: { ...recipe("dhcpcd", "systemd"), packages: ["dhcpcd"] },
    // dhcpcd waits for udev to announce each card, and sets values of the kernel that systemd-nspawn protects.
    inContainer: `sed -i '1i nodev' "$tree/etc/dhcpcd.conf"
      mkdir -p "$tree/etc/systemd/system/dhcpcd.service.d"
      printf '[Service]\\nExecStartPre=+/bin/mount -o remount,rw,bind /proc/sys\\n' \\
        >"$tree/etc/systemd/system/dhcpcd.service.d/boot-test.conf"`,
  },
];

/** Has a tree's network set up as a recipe says, and nothing else. */
export async function followRecipe(
  tree: string,
  { section }: NetworkRecipe,
): Promise<void> {
  await Deno.remove(`${tree}/etc/systemd/network/eth0.network`)
    .catch(() => {});
  await inTree(tree, await commandsOf(section));
}

/** Adds what a container lacks for a recipe. */
export async function helpInContainer(
  tree: string,
  { inContainer }: NetworkRecipe,
): Promise<void> {
  if (inContainer !== undefined) await inTree(tree, inContainer);
}

async function inTree(tree: string, commands: string): Promise<void> {
  await succeed("sh", ["-euc", `tree=$0\n${commands}`, tree]);
}

/** The commands of a section of docs/network.md. */
async function commandsOf(section: string): Promise<string> {
  const page = await Deno.readTextFile(`${ROOT}docs/network.md`);
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [, commands] = /```sh\n(.*?)```/s.exec(text.split("\n## ")[0]!) ?? [];
  assert(commands !== undefined, `docs/network.md has no recipe "${section}"`);
  return commands;
}
