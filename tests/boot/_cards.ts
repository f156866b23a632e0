import { type Background, startInBackground } from "../helpers/background.ts";
import { run, succeed } from "../helpers/command.ts";
import { inNamespace, type Network } from "../helpers/network.ts";

/** The cards of a machine beside its first one, and the networks that they are in. */
export interface OtherCards extends AsyncDisposable {
  /** Plugs the other end of `eth1` in. */
  plugIn(): Promise<void>;
  /** The DHCP server of `eth0`. */
  readonly first: Background;
  /** The DHCP server of `eth1`. */
  readonly second: Background;
}

/** What the virtual function of `eth0` is called. */
const VIRTUAL_FUNCTION = "enP1s0";

/**
 * Gives a machine a second card, whose network has everything but the platform, and the
 * stand-in of a virtual function: a device of the MAC address of `eth0`, where nobody
 * answers. Both networks have a DHCP server that names WireServer as its name server, and
 * gives routes to it.
 *
 * @param network The machine's network, still unplugged.
 * @returns The cards; disposing of them takes them away.
 */
export async function addCards(network: Network): Promise<OtherCards> {
  await using made = new AsyncDisposableStack();
  const { machine, platform } = network;
  const other = `${machine}2`;
  const ip = (step: string) => succeed("ip", step.split(" "));
  made.defer(async () => {
    await run("ip", ["netns", "delete", other]);
  });
  for (
    const step of [
      `netns add ${other}`,
      `-n ${other} link set lo up`,
      `-n ${other} link add eth0 type veth peer name eth1 netns ${machine}`,
      `-n ${other} addr add 10.78.0.1/24 dev eth0`,
      `-n ${other} link add vf0 type veth peer name ${VIRTUAL_FUNCTION} netns ${machine}`,
      `-n ${other} link set vf0 up`,
    ]
  ) await ip(step);
  const [, address = ""] =
    /link\/ether (\S+)/.exec(await ip(`-n ${machine} link show eth0`)) ?? [];
  await ip(
    `-n ${machine} link set ${VIRTUAL_FUNCTION} address ${address}`,
  );
  const first = made.use(startServer(platform, "10.77.0"));
  const second = made.use(startServer(other, "10.78.0"));
  const resources = made.move();
  return {
    first,
    second,
    plugIn: async () => {
      await ip(`-n ${other} link set eth0 up`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function startServer(namespace: string, network: string): Background {
  const router = `${network}.1`;
  const routes = ["0.0.0.0/0", "168.63.129.16/32", "169.254.169.254/32"]
    .map((route) => `${route},${router}`).join(",");
  return startInBackground(inNamespace(namespace, [
    "dnsmasq",
    "--conf-file=/dev/null",
    "--keep-in-foreground",
    "--port=0",
    "--interface=eth0",
    "--bind-dynamic",
    "--user=root",
    "--log-facility=-",
    "--log-dhcp",
    `--dhcp-range=${network}.50,${network}.99,255.255.255.0,1h`,
    "--dhcp-authoritative",
    "--no-ping",
    "--leasefile-ro",
    `--dhcp-option=3,${router}`,
    "--dhcp-option=6,168.63.129.16",
    `--dhcp-option=121,${routes}`,
    "--dhcp-option-force=245,a8:3f:81:10",
    "--pid-file=",
  ]));
}
