import { run, succeed } from "./command.ts";

/** How a machine gets its address. */
export type Addressing =
  /** It has one before it boots. */
  | "static"
  /** It asks for one, once the link is up. */
  | "dhcp";

/** Two network namespaces with a cable between them. */
export interface Network extends AsyncDisposable {
  /** The machine's namespace. */
  readonly machine: string;
  /** The platform's namespace, which has its real addresses. */
  readonly platform: string;
  /** Plugs the platform's end of the cable in. */
  plugIn(): Promise<void>;
}

/**
 * Makes a network that has nothing but a machine and a platform.
 *
 * @param name A unique name.
 * @param addressing How the machine gets its address; with `dhcp` the cable is unplugged at first.
 * @returns The network; disposing of it takes it away.
 */
export async function makeNetwork(
  name: string,
  addressing: Addressing,
): Promise<Network> {
  const [platform, machine] = [`${name}p`, `${name}v`];
  const ip = (step: string) => succeed("ip", step.split(" "));
  const dispose = async () => {
    for (const namespace of [platform, machine]) {
      await run("ip", ["netns", "delete", namespace]);
    }
  };
  const steps = [
    `netns add ${platform}`,
    `netns add ${machine}`,
    `-n ${platform} link add eth0 type veth peer name eth0 netns ${machine}`,
    `-n ${platform} addr add 10.77.0.1/24 dev eth0`,
    `-n ${platform} addr add 168.63.129.16/32 dev lo`,
    `-n ${platform} addr add 169.254.169.254/32 dev lo`,
    `-n ${platform} link set lo up`,
    ...(addressing === "dhcp" ? [] : [
      `-n ${platform} link set eth0 up`,
      `-n ${machine} link set lo up`,
      `-n ${machine} addr add 10.77.0.5/24 dev eth0`,
      `-n ${machine} link set eth0 up`,
      `-n ${machine} route add default via 10.77.0.1`,
    ]),
  ];
  try {
    for (const step of steps) await ip(step);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    machine,
    platform,
    plugIn: async () => {
      await ip(`-n ${platform} link set eth0 up`);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/**
 * The command line that runs a program in a network namespace.
 *
 * @param command The program and its arguments.
 * @returns The command line.
 */
export function inNamespace(
  namespace: string,
  command: readonly string[],
): [string, ...string[]] {
  return ["nsenter", `--net=/run/netns/${namespace}`, ...command];
}
