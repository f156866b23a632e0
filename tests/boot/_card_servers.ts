import type { Scene } from "./_arrivals.ts";
import { type Card, type Cards, OTHER_NETWORK } from "./_cards.ts";
import { addressesGiven, startDhcpServer } from "./_dhcp_server.ts";
import type { Background } from "../helpers/background.ts";
import type { Network } from "../helpers/network.ts";

/** What an arrival needs of the servers of a machine's cards. */
export interface Servers extends AsyncDisposable {
  /** Starts the DHCP server of a card, which is like Azure's; disposing of them all kills it. */
  readonly serve: Scene["serve"];
  /** Those of each card, in their order. */
  readonly started: Readonly<Record<Card, readonly Background[]>>;
  /** Whether `eth0` has an address, from the last of its servers. */
  eth0HasAddress(): boolean;
}

/**
 * Has servers for a machine's cards.
 *
 * @param cards What {@linkcode addCards} gave.
 */
export function serversOf(
  { platform }: Pick<Network, "platform">,
  { other }: Pick<Cards, "other">,
): Servers {
  const resources = new AsyncDisposableStack();
  const started: Record<Card, Background[]> = { eth0: [], eth1: [] };
  return {
    started,
    serve: (card, options = {}) => {
      const [namespace, network] = card === "eth0"
        ? [platform]
        : [other, OTHER_NETWORK];
      const server = resources.use(startDhcpServer({ platform: namespace }, {
        likeAzure: true,
        ...(network === undefined ? {} : { network }),
        ...options,
      }));
      started[card].push(server);
      return server;
    },
    eth0HasAddress: () => {
      const server = started.eth0.at(-1);
      return server !== undefined && addressesGiven(server) > 0;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** What the servers said last, for a failure. */
export function wordsOf({ started }: Servers): string {
  return Object.entries(started).flatMap(([card, servers]) =>
    servers.map(({ output }) =>
      `--- The DHCP server of ${card}\n${
        output.stderr.split("\n").slice(-30).join("\n")
      }`
    )
  ).join("\n");
}
