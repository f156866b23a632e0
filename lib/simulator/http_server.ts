import { reset, serveConnection } from "./connection.ts";
import type { Service } from "./service.ts";
import { delay } from "./steps.ts";

/** Where a server listens. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** A server that is running, though it may not listen yet. */
export interface HttpServer {
  readonly address: Address;
  /** Closes the listener, every connection and every timer, and waits until they are gone. */
  shutdown(): Promise<void>;
}

/** What a server is made of. */
export interface HttpServerOptions {
  /** Port 0 means any free one. */
  readonly address: Address;
  /** How long nothing listens there: 0 listens at once, Infinity never. */
  readonly closedForMs: number;
  /** The service as it is for the connections that arrive at an address. */
  readonly serviceAt: (localAddress: string) => Service;
}

const LISTEN_AGAIN_MS = 100;

/** What a client or a shutdown does to a connection; all else is a mistake of the simulator. */
const CONNECTION_ERRORS = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
];

/**
 * Starts a server of plain HTTP on a TCP port. It needs the permission to listen there.
 *
 * A server that stays closed takes its port for a moment, so that its address is known and
 * nobody else answers there; another program could take the port in the meantime, and then
 * the server waits until it is free.
 */
export function startHttpServer(options: HttpServerOptions): HttpServer {
  const { closedForMs, serviceAt } = options;
  const first = listen(options.address);
  const address = { hostname: options.address.hostname, port: first.addr.port };
  const stop = new AbortController();
  if (closedForMs > 0) first.close();
  const running = closedForMs > 0
    ? acceptLate(address, closedForMs, serviceAt, stop.signal)
    : accept(first, serviceAt, stop.signal);
  return {
    address,
    shutdown: async () => {
      stop.abort();
      await running;
    },
  };
}

function listen({ hostname, port }: Address): Deno.TcpListener {
  return Deno.listen({ hostname, port, transport: "tcp" });
}

async function acceptLate(
  address: Address,
  closedForMs: number,
  serviceAt: HttpServerOptions["serviceAt"],
  signal: AbortSignal,
): Promise<void> {
  if (closedForMs === Infinity) return;
  await delay(closedForMs, signal);
  while (!signal.aborted) {
    const listener = tryToListen(address);
    if (listener !== undefined) {
      return await accept(listener, serviceAt, signal);
    }
    await delay(LISTEN_AGAIN_MS, signal);
  }
}

function tryToListen(address: Address): Deno.TcpListener | undefined {
  try {
    return listen(address);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}

async function accept(
  listener: Deno.TcpListener,
  serviceAt: HttpServerOptions["serviceAt"],
  signal: AbortSignal,
): Promise<void> {
  const connections = new Set<Promise<void>>();
  const stop = () => close(listener);
  signal.addEventListener("abort", stop);
  for await (const connection of listener) {
    const service = serviceAt(connection.localAddr.hostname);
    const served = serve(connection, service, signal)
      .finally(() => connections.delete(served));
    connections.add(served);
  }
  signal.removeEventListener("abort", stop);
  await Promise.all(connections);
}

async function serve(
  connection: Deno.TcpConn,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => close(connection);
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop);
  try {
    connection.setNoDelay(true);
    const end = await serveConnection(connection, service, signal);
    if (end === "reset") await reset(connection);
  } catch (error) {
    if (!CONNECTION_ERRORS.some((type) => error instanceof type)) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    close(connection);
  }
}

function close(resource: { close(): void }): void {
  try {
    resource.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
