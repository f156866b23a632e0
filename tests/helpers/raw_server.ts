import type { Endpoint } from "../../lib/http/endpoint.ts";

/** A server of 127.0.0.1 that answers with whatever bytes it is told to. */
export interface RawServer extends AsyncDisposable {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** What arrived, one text for each connection. */
  readonly requests: readonly string[];
}

/** The bytes of an answer, or what makes them of the request. */
export type RawAnswer = string | ((request: string) => string);

/**
 * Starts a server that reads a request on each connection, writes an answer, and
 * closes the connection.
 *
 * @param answers The bytes to answer the first, second, ... connection with; the last one is repeated.
 * @returns The server.
 */
export function rawServer(...answers: readonly RawAnswer[]): RawServer {
  return serve(async (connection, request, index) => {
    const answer = answers[index] ?? answers.at(-1)!;
    await writeAll(
      connection,
      typeof answer === "string" ? answer : answer(request),
    );
  });
}

/** What a {@linkcode holdingServer} writes. */
export interface HeldAnswer {
  /** The bytes that it starts with. */
  readonly start: string;
  /** What it goes on with, again and again; by default it says no more. */
  readonly repeated?: string;
}

/**
 * Starts a server that reads a request on each connection, writes an answer, and
 * keeps the connection open until the client goes, or the test ends.
 *
 * @param answer What it writes.
 * @returns The server.
 */
export function holdingServer({ start, repeated }: HeldAnswer): RawServer {
  return serve(async (connection) => {
    await writeAll(connection, start);
    while (repeated !== undefined) await writeAll(connection, repeated);
    await connection.read(new Uint8Array(1));
  });
}

function serve(
  respond: (
    connection: Deno.Conn,
    request: string,
    index: number,
  ) => Promise<void>,
): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const connections: Promise<void>[] = [];
  const open = new Set<Deno.Conn>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const index = requests.push("") - 1;
      open.add(connection);
      connections.push((async () => {
        try {
          await readRequest(connection, (text) => requests[index] += text);
          await respond(connection, requests[index]!, index);
        } catch {
          // The client has gone.
        } finally {
          if (open.delete(connection)) connection.close();
        }
      })());
    }
  })();
  const { hostname, port } = listener.addr;
  return {
    endpoint: { hostname, port },
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      open.clear();
      await accepting;
      await Promise.all(connections);
    },
  };
}

/** Reads up to the end of the head, and of the body that it announces. */
async function readRequest(
  connection: Deno.Conn,
  onText: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  let text = "";
  let bytes = 0;
  while (true) {
    const count = await connection.read(buffer);
    if (count === null) return;
    const piece = decoder.decode(buffer.subarray(0, count), { stream: true });
    text += piece;
    bytes += count;
    onText(piece);
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) continue;
    const length = /^content-length: (\d+)\r$/im.exec(text)?.[1] ?? "0";
    if (bytes >= headEnd + 4 + Number(length)) return;
  }
}

async function writeAll(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) {
    sent += await connection.write(bytes.subarray(sent));
  }
}
