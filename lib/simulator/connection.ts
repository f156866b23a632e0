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
const LINGER_MS = 500;

/**
 * Answers the requests of one connection until it has to be closed, which is left to the caller.
 *
 * A reset is played by leaving bytes unread: closing such a connection resets it.
 */
export async function serveConnection(
  connection: Connection,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  const input = new ByteInput(connection);
  while (await exchange(connection, input, service, signal));
}

/** Reads a request and answers it; tells whether there may be another one. */
async function exchange(
  connection: Connection,
  input: ByteInput,
  service: Service,
  signal: AbortSignal,
): Promise<boolean> {
  let head: string | undefined;
  let request: Request;
  try {
    head = await readHead(input, service);
    if (head === undefined) return false;
    request = await readBody(input, head);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const dispatch = service.refuse(error, head ?? input.peek(HEAD_LIMIT));
    await send(
      connection,
      bytesOf(dispatch, service, { method: "", keepAlive: false }),
    );
    await linger(connection, input, signal);
    return false;
  }
  const dispatch = service.answer(request);
  await deliver(
    connection,
    input,
    dispatch,
    bytesOf(dispatch, service, request),
    signal,
  );
  return request.keepAlive &&
    (dispatch.delivery === "whole" || dispatch.delivery === "slow");
}

/** Reads a request's head; undefined when there is none to answer. */
async function readHead(
  input: ByteInput,
  service: Service,
): Promise<string | undefined> {
  let asked = false;
  for (;;) {
    const length = input.headLength();
    if (length !== undefined) return bytesToText(input.take(length));
    if (input.length >= HEAD_LIMIT) {
      throw new Refusal(431, `Head is longer than "${HEAD_LIMIT}" bytes`);
    }
    const lineLength = input.lineLength();
    if (lineLength !== undefined && !asked) {
      asked = true;
      if (service.mayReset() && service.resets(input.peek(lineLength))) {
        return undefined;
      }
    }
    // What is to be left unread for a reset must not be read ahead.
    const most = lineLength === undefined && service.mayReset() ? 1 : CHUNK;
    if (!await input.fill(most)) {
      if (input.length === 0) return undefined;
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
