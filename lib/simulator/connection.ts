import { ByteInput, type ByteSource } from "./byte_input.ts";
import { delay } from "./delay.ts";
import { Refusal } from "./refusal.ts";
import { replyHead } from "./reply.ts";
import { HEAD_LIMIT, parseRequestHead, type Request } from "./request.ts";
import type { Dispatch, Service } from "./service.ts";

/** What a connection has to be able to do; whoever opened it closes it. */
export interface Connection extends ByteSource {
  /** Writes some of the bytes and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Says that nothing more will be written. */
  closeWrite(): Promise<void>;
}

const CHUNK = 64 * 1024;
const SLOW_PIECES = 20;
const SLOW_PAUSE_MS = 100;
const LINGER_MS = 2000;

/** How a connection is to end. */
export type End = "close" | "reset";

/**
 * Answers the requests of one connection until it has to end, which is left to the caller.
 *
 * For a reset there are bytes left unread.
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

/** Reads a request and answers it; tells what comes next. */
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
    request = await readBody(input, head);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const dispatch = service.refuse(error, head ?? input.peek(HEAD_LIMIT));
    await send(
      connection,
      bytesOf(dispatch, service, { method: "", keepAlive: false }),
    );
    await linger(connection, input, signal);
    return "close";
  }
  const dispatch = service.answer(request);
  await deliver(
    connection,
    input,
    dispatch,
    bytesOf(dispatch, service, request),
    signal,
  );
  if (dispatch.delivery === "reset") return "reset";
  const whole = dispatch.delivery === "whole" || dispatch.delivery === "slow";
  return whole && request.keepAlive ? "request" : "close";
}

/** Reads a request's head, or tells how to end where there is none to answer. */
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
    // What is to be left unread for a reset must not be read ahead.
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

async function readBody(input: ByteInput, headText: string): Promise<Request> {
  const head = parseRequestHead(headText);
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

interface AnswerBytes {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

function bytesOf(
  { reply }: Dispatch,
  service: Service,
  { method, keepAlive }: { method: string; keepAlive: boolean },
): AnswerBytes {
  return {
    head: replyHead(reply, {
      keepAlive,
      server: service.server,
      date: new Date(),
    }),
    body: method === "HEAD" ? new Uint8Array() : reply.body,
  };
}

async function deliver(
  connection: Connection,
  input: ByteInput,
  { delivery, sent }: Dispatch,
  bytes: AnswerBytes,
  signal: AbortSignal,
): Promise<void> {
  switch (delivery) {
    case "whole":
      try {
        return await send(connection, bytes);
      } finally {
        sent?.();
      }
    case "slow":
      return await sendSlowly(connection, bytes, signal);
    case "truncated":
      return await send(connection, {
        head: bytes.head,
        body: bytes.body.subarray(0, Math.floor(bytes.body.length / 2)),
      });
    case "hang":
      return await drain(input);
    case "reset":
      return;
  }
}

async function send(
  connection: Connection,
  { head, body }: AnswerBytes,
): Promise<void> {
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  await writeAll(connection, bytes);
}

async function sendSlowly(
  connection: Connection,
  { head, body }: AnswerBytes,
  signal: AbortSignal,
): Promise<void> {
  await writeAll(connection, head);
  const size = Math.ceil(body.length / SLOW_PIECES);
  for (let at = 0; at < body.length; at += size) {
    await delay(SLOW_PAUSE_MS, signal);
    await writeAll(connection, body.subarray(at, at + size));
  }
}

/** Reads what still comes, so that closing does not reset the connection under the answer. */
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

async function writeAll(
  connection: Connection,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

function bytesToText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
