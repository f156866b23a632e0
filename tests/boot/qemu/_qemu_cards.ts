import { addCards, type Cards } from "../_cards.ts";
import { succeed } from "../../helpers/command.ts";
import type { Network } from "../../helpers/network.ts";
import type { QemuCards } from "./_machine.ts";

/** As the kernel calls them, which does not rename them, after their place on the bus. */
const ADDRESSES = ["52:54:00:00:00:10", "52:54:00:00:00:11"] as const;

/**
 * Gives a machine under QEMU two cards, each with a network of its own, and the stand-in
 * of a virtual function: a third one with the MAC address of `eth0`, which the kernel
 * calls `eth2`, and where nobody answers.
 *
 * @param network The machine's network, still unplugged.
 */
export async function makeQemuCards(
  network: Network,
): Promise<QemuCards & Cards> {
  const { machine } = network;
  await using made = new AsyncDisposableStack();
  const cards = made.use(await addCards(network));
  for (const index of [0, 1]) {
    for (
      const step of [
        `link add bridge${index} type bridge`,
        `tuntap add tap${index} mode tap`,
        `link set eth${index} master bridge${index} up`,
        `link set tap${index} master bridge${index} up`,
        `link set bridge${index} up`,
      ]
    ) await succeed("ip", ["-n", machine, ...step.split(" ")]);
  }
  const { other, plugIn } = cards;
  const resources = made.move();
  return {
    other,
    plugIn,
    options: [
      ...ADDRESSES.flatMap((address, index) => [
        "-netdev",
        `tap,id=card${index},ifname=tap${index},script=no,downscript=no`,
        ...deviceOf(`card${index}`, address),
      ]),
      "-netdev",
      "hubport,id=function,hubid=0",
      ...deviceOf("function", ADDRESSES[0]),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function deviceOf(netdev: string, address: string): string[] {
  return ["-device", `virtio-net-pci,netdev=${netdev},mac=${address},romfile=`];
}
