import { reset, serveConnection } from "./connection.ts";
import type { Service } from "./service.ts";
import { delay } from "./steps.ts";

/** Where a server listens. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** A running server, which may not listen yet. */
export interface HttpServer {
  readonly address: Address;
  /** Closes the listener, all connections and all timers, and waits for them to end. */
  shutdown(): Promise<void>;
}

/** Options of {@linkcode startHttpServer}. */
export interface HttpServerOptions {
  /** Port 0 means any free port. */
  readonly address: Address;
  /** How long nothing listens there: 0 means not at all, Infinity for ever. */
  readonly closedForMs: number;
  /** Returns the service for connections that arrive at an address. */
  readonly serviceAt: (localAddress: string) => Service;
}

const LISTEN_AGAIN_MS = 100;

/** Errors that a client or a shutdown causes. Any other is a bug of the simulator. */
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
 * Starts a server of plain HTTP on a TCP port. Needs the permission to listen there.
 *
 * A server that stays closed opens its port for a moment, to learn its address and to be
 * sure that nobody else answers there. If another program takes the port before the server
 * opens, it waits until the port is free.
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
