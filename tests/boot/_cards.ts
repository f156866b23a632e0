import { run, succeed } from "../helpers/command.ts";
import type { Network } from "../helpers/network.ts";

/** How the cards of a machine are. */
export interface CardOptions {
  /** The network of `eth1`, as its first three bytes; by default another one than that of `eth0`. */
  readonly network?: string;
  /** What the virtual function of `eth0` is called, by default as udev does. */
  readonly virtualFunction?: string;
  /** The card that the machine does not have until it is plugged in; by default it has both. */
  readonly missing?: Card;
}

/** A card that has a network. */
export type Card = "eth0" | "eth1";

/** The cards of a machine, and the networks that they are in. */
export interface Cards extends AsyncDisposable {
  /** The namespace at the other end of `eth1`. */
  readonly other: string;
  /** Plugs the other end of a card in, and the card itself if it is missing. */
  plugIn(card: Card): Promise<void>;
}

/** What another network than that of `eth0` is. */
export const OTHER_NETWORK = "10.78.0";

/** As {@linkcode CardOptions.virtualFunction}. */
const VIRTUAL_FUNCTION = "enP1s0";

/**
 * Gives a machine a second card, whose network has everything but the platform, and the
 * stand-in of a virtual function: a device of the MAC address of `eth0`, where nobody
 * answers.
 *
 * @param network The machine's network, still unplugged.
 * @param options How they are.
 * @returns The cards; disposing of them takes them away.
 */
export async function addCards(
  { machine, platform }: Network,
  options: CardOptions = {},
): Promise<Cards> {
  const { network = OTHER_NETWORK, missing } = options;
  const { virtualFunction = VIRTUAL_FUNCTION } = options;
  await using made = new AsyncDisposableStack();
  // The janitor of machines knows them by these names.
  const [other, shelf] = [`${machine}2`, `${machine}3`];
  const ip = (step: string) => succeed("ip", step.split(" "));
  made.defer(async () => {
    for (const namespace of [other, shelf]) {
      await run("ip", ["netns", "delete", namespace]);
    }
  });
  const [, address = ""] =
    /link\/ether (\S+)/.exec(await ip(`-n ${machine} link show eth0`)) ?? [];
  for (
    const step of [
      `netns add ${other}`,
      `netns add ${shelf}`,
      `-n ${other} link set lo up`,
      `-n ${other} link add eth0 type veth peer name eth1 netns ${machine}`,
      `-n ${other} addr add ${network}.1/24 dev eth0`,
      `-n ${other} link add vf0 type veth peer name ${virtualFunction} netns ${machine}`,
      `-n ${other} link set vf0 up`,
      `-n ${machine} link set ${virtualFunction} address ${address}`,
      ...(missing === undefined
        ? []
        : [`-n ${machine} link set ${missing} netns ${shelf}`]),
    ]
  ) await ip(step);
  const resources = made.move();
  return {
    other,
    plugIn: async (card) => {
      await ip(`-n ${card === "eth0" ? platform : other} link set eth0 up`);
      if (card !== missing) return;
      // Under the name that it keeps: to networkd a card that is renamed is another one.
      await ip(`-n ${shelf} link set ${card} netns ${machine}`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
