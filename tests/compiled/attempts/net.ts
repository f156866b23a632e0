import { type Attempt, refused, works } from "./attempt.ts";

/** An address that answers, and is not the platform's. */
const OTHER_HOST = "10.77.0.1";

/** A port that is neither of the platform's. */
const OTHER_PORT = 8080;

async function connect(hostname: string, port: number): Promise<void> {
  using _connection = await Deno.connect({ hostname, port });
}

function listen(hostname: string): void {
  using _listener = Deno.listen({ hostname, port: 0 });
}

async function sendDatagram(host: string): Promise<void> {
  const socket = (await import("node:dgram")).createSocket("udp4");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", reject);
  socket.bind(
    0,
    "127.0.0.1",
    () =>
      socket.send("x", 53, host, (error) => error ? reject(error) : resolve()),
  );
  await promise.finally(() => socket.close());
}

/** Connections, names and listeners. */
export const NET: readonly Attempt[] = [
  works("connect to WireServer", () => connect("168.63.129.16", 80)),
  works(
    "connect to the metadata service",
    () => connect("169.254.169.254", 80),
  ),
  works("listen on the loopback", () => listen("127.0.0.1")),
  refused("connect to another host", () => connect(OTHER_HOST, 80)),
  refused(
    "connect to another port of WireServer",
    () => connect("168.63.129.16", OTHER_PORT),
  ),
  refused(
    "connect to WireServer's extension port",
    () => connect("168.63.129.16", 32526),
  ),
  refused(
    "connect to another port of the metadata service",
    () => connect("169.254.169.254", OTHER_PORT),
  ),
  refused(
    "connect to another address of the loopback",
    () => connect("127.0.0.2", OTHER_PORT),
  ),
  refused(
    "connect to a host by its name",
    () => connect("localhost", OTHER_PORT),
  ),
  refused("connect over IPv6", () => connect("::1", OTHER_PORT)),
  refused(
    "connect over IPv6 to WireServer's address",
    () => connect("::ffff:168.63.129.16", 80),
  ),
  refused("fetch from another host", () => fetch(`http://${OTHER_HOST}/`)),
  refused(
    "connect with TLS",
    () => Deno.connectTls({ hostname: OTHER_HOST, port: 443 }),
  ),
  refused("resolve a name", () => Deno.resolveDns("localhost", "A")),
  refused(
    "resolve a name, asking WireServer's other port",
    () =>
      Deno.resolveDns("localhost", "A", {
        nameServer: { ipAddr: "168.63.129.16", port: 53 },
      }),
  ),
  refused("listen on every address", () => listen("0.0.0.0")),
  refused("listen on the VM's address", () => listen("10.77.0.5")),
  works("send a datagram to the loopback", () => sendDatagram("127.0.0.1")),
  {
    what: "send a datagram to another host",
    ends: "Error: send UNKNOWN 10.77.0.1:53", // Node's error for a refused permission.
    run: () => sendDatagram(OTHER_HOST),
  },
  refused(
    "connect to D-Bus",
    () => Deno.connect({ transport: "unix", path: "/run/dbus.socket" }),
  ),
];
