import type { Card, CardOptions } from "./_cards.ts";
import { addressesGiven, type DhcpServerOptions } from "./_dhcp_server.ts";
import type { ImageFile } from "./_inits.ts";
import type { Background } from "../helpers/background.ts";
import { sleep } from "../helpers/wait_until.ts";

/** How long one card is alone, in milliseconds. */
const APART_MS = 3000;

/** How long a late card is missing, in milliseconds. */
const LATE_MS = 20_000;

/** When a machine's cards and their networks come. */
export interface Arrival {
  /** What tests call it. */
  readonly name: string;
  /** How the cards are. */
  readonly cards?: CardOptions;
  /** The recipe that it is for; by default every one. */
  readonly section?: string;
  /** What is in the image besides. */
  readonly files?: readonly ImageFile[];
  /** What keeps the program at work meanwhile. */
  readonly faults?: readonly string[];
  /** Has all of it come. */
  readonly come: (scene: Scene) => Promise<void>;
}

/** A machine that boots, and its networks. */
export interface Scene {
  /** Waits, with a deadline, and fails at once if the machine ends meanwhile. */
  until(what: string, holds: () => boolean): Promise<void>;
  /** Whether the program runs now. */
  programRuns(): boolean;
  /** Plugs a card in, and does what udev would if it is new. */
  plugIn(card: Card): Promise<void>;
  /** Starts the DHCP server of a card, which is like Azure's. */
  serve(card: Card, options?: DhcpServerOptions): Background;
}

/** Waits until a server has given an address. */
function gives({ until }: Scene, server: Background): Promise<void> {
  return until("a server gives an address", () => addressesGiven(server) > 0);
}

/** Every arrival; the first three are those of an ordinary boot. */
export const ARRIVALS: readonly Arrival[] = [
  {
    name: "both at once",
    come: async (scene) => {
      scene.serve("eth0");
      scene.serve("eth1");
      await Promise.all([scene.plugIn("eth0"), scene.plugIn("eth1")]);
    },
  },
  {
    name: "eth0 first",
    come: async (scene) => {
      scene.serve("eth1");
      const server = scene.serve("eth0");
      await scene.plugIn("eth0");
      await gives(scene, server);
      await scene.plugIn("eth1");
    },
  },
  {
    name: "eth1 first",
    come: async (scene) => {
      scene.serve("eth0");
      const server = scene.serve("eth1");
      await scene.plugIn("eth1");
      await gives(scene, server);
      await sleep(APART_MS);
      await scene.plugIn("eth0");
    },
  },
  {
    name: "eth1 appears while the program runs",
    cards: { missing: "eth1" },
    faults: ["503@goal-state=4"],
    come: async (scene) => {
      const server = scene.serve("eth1");
      scene.serve("eth0");
      await scene.plugIn("eth0");
      await scene.until("the program runs", () => scene.programRuns());
      await scene.plugIn("eth1");
      await gives(scene, server);
    },
  },
  {
    name: "eth0 appears late",
    cards: { missing: "eth0" },
    come: async (scene) => {
      scene.serve("eth0");
      const server = scene.serve("eth1");
      await scene.plugIn("eth1");
      await gives(scene, server);
      await sleep(LATE_MS);
      await scene.plugIn("eth0");
    },
  },
  {
    name: "no server answers eth1",
    come: async (scene) => {
      scene.serve("eth0");
      await Promise.all([scene.plugIn("eth0"), scene.plugIn("eth1")]);
    },
  },
  {
    name: "the virtual function is called eth2",
    cards: { virtualFunction: "eth2" },
    come: async (scene) => {
      scene.serve("eth0");
      scene.serve("eth1");
      await Promise.all([scene.plugIn("eth0"), scene.plugIn("eth1")]);
    },
  },
  {
    name: "both in one network, eth1 first",
    cards: { network: "10.77.0" },
    come: async (scene) => {
      scene.serve("eth0");
      const server = scene.serve("eth1", { network: "10.77.0", first: 150 });
      await scene.plugIn("eth1");
      await gives(scene, server);
      await sleep(APART_MS);
      await scene.plugIn("eth0");
    },
  },
  {
    name: "eth0 has to take another address while the program runs",
    faults: ["503@goal-state=5"],
    come: async (scene) => {
      scene.serve("eth1");
      const server = scene.serve("eth0", { renewalS: 3 });
      await Promise.all([scene.plugIn("eth0"), scene.plugIn("eth1")]);
      await gives(scene, server);
      await server.stop("SIGTERM");
      await gives(scene, scene.serve("eth0", { first: 150 }));
    },
  },
  {
    name: "the server refuses an address that the image has kept",
    section: "ifupdown with dhclient",
    files: [{
      path: "/var/lib/dhcp/dhclient.eth0.leases",
      text: `lease {
  interface "eth0";
  fixed-address 10.66.0.7;
  option subnet-mask 255.255.255.0;
  option routers 10.66.0.1;
  option dhcp-lease-time 3600;
  option dhcp-server-identifier 10.66.0.1;
  renew 5 2038/01/01 00:00:00;
  rebind 5 2038/01/01 00:00:00;
  expire 5 2038/01/01 00:00:00;
}
`,
    }],
    come: async (scene) => {
      scene.serve("eth1");
      const server = scene.serve("eth0");
      await Promise.all([scene.plugIn("eth0"), scene.plugIn("eth1")]);
      await scene.until(
        "the server refuses the old address",
        () => /DHCPNAK/.test(server.output.stderr),
      );
    },
  },
];
