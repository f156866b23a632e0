import { after, type Cancel } from "../after.ts";
import { messageOf } from "../provisioning_error.ts";
import { encodeRequest } from "./encode_request.ts";
import type { Endpoint } from "./endpoint.ts";
import type { CallFailure, TryResult } from "./failure.ts";
import { type HttpRequest, type HttpResponse, isSuccess } from "./message.ts";
import { createResponseReader, ResponseError } from "./response_reader.ts";

/** Options of {@linkcode exchange}. */
export interface ExchangeOptions {
  /** The server. */
  readonly endpoint: Endpoint;
  /** Ends the exchange, even while it connects. */
  readonly signal: AbortSignal;
  /** The largest body that is read, in bytes. */
  readonly maxBodyBytes: number;
  /** Whether a status is all that counts. Nothing after it is read then. */
  readonly statusIsEnough?: (status: number) => boolean;
}

const READ_BYTES = 16_384;

/** An exchange whose time is up ends after so many turns of the event loop without data. */
const QUIET_TURNS = 3;

/** The most turns in all: enough for the largest response, too few for one that drips. */
const MAX_LATE_TURNS = 300;

/**
 * Sends one request and reads its response, over a connection of its own. Needs
 * `--allow-net` for the endpoint.
 *
 * It never uses a proxy that the environment names, and never follows a redirect; `fetch`
 * would do both. A status that is not 2xx counts, even if the rest of the response is
 * invalid.
 *
 * Data that arrived before the time was up still counts if the program reads it only
 * afterwards: on a machine that was suspended, the timer and the answer come up at the
 * same moment.
 *
 * @returns The response, whatever its status, or the reason why there is none.
 */
export async function exchange(
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<TryResult<HttpResponse>> {
  const { endpoint, signal } = options;
  const bytes = encodeRequest(request, endpoint);
  let connection: Deno.TcpConn | undefined;
  const reader = createResponseReader(options);
  let heard = false;
  let reads = 0;
  let lateTurn: Cancel | undefined;
  const close = () => connection && closeQuietly(connection);
  const closeWhenQuiet = (
    turns: number,
    quiet: number,
    readsBefore: number,
  ) => {
    if (turns === MAX_LATE_TURNS || quiet === QUIET_TURNS) return close();
    lateTurn = after(
      0,
      () =>
        closeWhenQuiet(turns + 1, reads === readsBefore ? quiet + 1 : 0, reads),
    );
  };
  const abort = () => isTimeUp(signal) ? closeWhenQuiet(0, 0, reads) : close();
  try {
    signal.throwIfAborted();
    connection = await Deno.connect({ ...endpoint, signal });
    signal.throwIfAborted();
    signal.addEventListener("abort", abort, { once: true });
    await writeAll(connection, bytes);
    const buffer = new Uint8Array(READ_BYTES);
    while (true) {
      const count = await connection.read(buffer);
      if (count === null) return { ok: true, value: reader.end() };
      heard = true;
      reads++;
      const response = reader.push(buffer.subarray(0, count));
      if (response !== undefined) return { ok: true, value: response };
    }
  } catch (error) {
    const begun = reader.soFar();
    if (begun !== undefined && !isSuccess(begun)) {
      return { ok: true, value: begun };
    }
    const failure = failureOf(error, options);
    return {
      ok: false,
      failure: failure.kind === "network"
        ? {
          ...failure,
          ...(heard ? { heard } : {}),
          ...(error instanceof Deno.errors.NetworkUnreachable
            ? { unsent: true }
            : {}),
          ...(connection === undefined
            ? {}
            : { from: connection.localAddr.hostname }),
        }
        : failure,
    };
  } finally {
    signal.removeEventListener("abort", abort);
    lateTurn?.();
    if (connection !== undefined) closeQuietly(connection);
  }
}

function isTimeUp({ reason }: AbortSignal): boolean {
  return reason?.name === "TimeoutError";
}

/**
 * A server that refuses a request may answer and close before it has read all of it. If a
 * write fails, the read finds out why.
 */
async function writeAll(
  connection: Deno.TcpConn,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    for (let sent = 0; sent < bytes.length;) {
      sent += await connection.write(bytes.subarray(sent));
    }
  } catch (error) {
    if (
      !(error instanceof Deno.errors.BrokenPipe ||
        error instanceof Deno.errors.ConnectionReset)
    ) throw error;
  }
}

function failureOf(error: unknown, options: ExchangeOptions): CallFailure {
  if (options.signal.aborted) {
    return {
      kind: "network",
      message: isTimeUp(options.signal)
        ? "No whole answer in time"
        : "The request was stopped",
    };
  }
  if (error instanceof ResponseError) {
    return {
      kind: error.truncated ? "network" : "protocol",
      message: error.message,
    };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return {
      kind: "denied",
      message:
        "The program was compiled without the permission to connect there",
    };
  }
  return {
    kind: isLocal(error) ? "local" : "network",
    message: networkWords(error),
  };
}

/** Errors of this machine, not of the network (errno(3)). */
const LOCAL_CODES: ReadonlySet<unknown> = new Set(
  ["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EAGAIN", "EADDRNOTAVAIL"],
);

function isLocal(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    LOCAL_CODES.has(error.code);
}

function networkWords(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return "Connection refused";
  }
  if (error instanceof Deno.errors.ConnectionReset) return "Connection reset";
  return messageOf(error);
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The time-out or the server has closed it.
  }
}
