import { ByteInput, type ByteSource } from "./byte_input.ts";
import { Refusal } from "./refusal.ts";
import { replyHead } from "./reply.ts";
import { HEAD_LIMIT, parseRequestHead, type Request } from "./request.ts";
import type { Dispatch, Service } from "./service.ts";
import { delay, type Outgoing, play, type Sink, whole } from "./steps.ts";

/** A connection. Whoever opened it closes it. */
export interface Connection extends ByteSource, Sink {
  /** Ends the outgoing half. */
  closeWrite(): Promise<void>;
}

const CHUNK = 64 * 1024;
const LINGER_MS = 2000;

/** How a connection has to end. */
export type End = "close" | "reset";

/**
 * Answers the requests of a connection until it has to end, which is up to the caller. If
 * it has to be reset, there are unread bytes.
 */
export async function serveConnection(
  connection: Connection,
  service: Service,
  signal: AbortSignal,
): Promise<End> {
  const input = new ByteInput(connection);
  for (;;) {
    const next = await exchange(connection, input, service, signal);
    if (next !== "request") return next;
  }
}

/** Reads and answers a request. Returns what comes next. */
async function exchange(
  connection: Connection,
  input: ByteInput,
  service: Service,
  signal: AbortSignal,
): Promise<"request" | End> {
  let head: string | undefined;
  let request: Request;
  try {
    const found = await readHead(input, service);
    if (typeof found === "string") return found;
    head = found.head;
    request = await readBody(input, head, service.bodyLimit);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const dispatch = service.refuse(error, head ?? input.peek(HEAD_LIMIT));
    const answer = outgoing(dispatch, service, {
      method: "",
      keepAlive: false,
    });
    await play(whole(answer), connection, signal);
    await linger(connection, input, signal);
    return "close";
  }
  const { delivery, closes, sent, ...dispatch } = service.answer(request);
  if (delivery === "reset") return "reset";
  if (delivery === "hang") {
    await drain(input);
    return "close";
  }
  try {
    const answer = outgoing(dispatch, service, request);
    await play(delivery(answer), connection, signal);
  } finally {
    sent?.();
  }
  return request.keepAlive && !closes ? "request" : "close";
}

/** Reads the head of a request, or returns how to end if there is none to answer. */
async function readHead(
  input: ByteInput,
  service: Service,
): Promise<{ head: string } | End> {
  let asked = false;
  for (;;) {
    const length = input.headLength();
    if (length !== undefined) return { head: bytesToText(input.take(length)) };
    if (input.length >= HEAD_LIMIT) {
      throw new Refusal(431, `Head is longer than "${HEAD_LIMIT}" bytes`);
    }
    const lineLength = input.lineLength();
    if (lineLength !== undefined && !asked) {
      asked = true;
      if (service.mayReset() && service.resets(input.peek(lineLength))) {
        return "reset";
      }
    }
    // A reset needs unread bytes, so nothing may be read ahead.
    const most = lineLength === undefined && service.mayReset() ? 1 : CHUNK;
    if (!await input.fill(most)) {
      if (input.length === 0) return "close";
      throw new Refusal(
        400,
        `Connection ends inside the head, after "${input.length}" bytes`,
      );
    }
  }
}

async function readBody(
  input: ByteInput,
  headText: string,
  limit: number,
): Promise<Request> {
  const head = parseRequestHead(headText, limit);
  while (input.length < head.contentLength) {
    if (!await input.fill(CHUNK)) {
      throw new Refusal(
        400,
        `Body has "${input.length}" bytes, "Content-Length" is "${head.contentLength}"`,
      );
    }
  }
  const body = input.take(head.contentLength);
  if (input.length > 0) {
    throw new Refusal(
      400,
      `Body is followed by "${input.length}" more bytes, "Content-Length" is "${head.contentLength}"`,
    );
  }
  return { ...head, body };
}

function outgoing(
  { reply }: Pick<Dispatch, "reply">,
  { server }: Service,
  { method, keepAlive }: { method: string; keepAlive: boolean },
): Outgoing {
  const date = new Date();
  return {
    head: (lines) => replyHead(reply, { keepAlive, server, date }, lines),
    body: method === "HEAD" ? new Uint8Array() : reply.body,
  };
}

/** Reads what still comes. Closing would otherwise reset the connection and lose the answer. */
async function linger(
  connection: Connection,
  input: ByteInput,
  signal: AbortSignal,
): Promise<void> {
  await connection.closeWrite();
  const stop = new AbortController();
  const drained = drain(input).finally(() => stop.abort());
  await Promise.race([
    drained,
    delay(LINGER_MS, AbortSignal.any([stop.signal, signal])),
  ]);
}

async function drain(input: ByteInput): Promise<void> {
  do input.take(input.length); while (await input.fill(CHUNK));
}

function bytesToText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** An invalid certificate, which is refused before a byte is sent. */
const BAD_CERTIFICATE =
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/**
 * Resets a connection that has unread bytes: the client sees RST.
 *
 * Deno has no call for it, and `close()` sends FIN first. `startTls()` takes over the socket
 * and, if its settings are invalid, drops it without FIN. The system then answers the unread
 * bytes with RST. Without the permission for this host with any port, the connection stays
 * open, and the caller closes it.
 */
export async function reset(connection: Deno.TcpConn): Promise<void> {
  try {
    const { hostname } = connection.localAddr;
    const taken = await Deno.startTls(connection, {
      hostname,
      caCerts: [BAD_CERTIFICATE],
    });
    taken.close();
  } catch {
    // It is meant to fail.
  }
}
