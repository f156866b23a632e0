import { shorten } from "../shorten.ts";
import type { HttpResponse } from "./message.ts";

/** Limits of {@linkcode createResponseReader}. */
export interface ResponseReaderOptions {
  /** The largest body that is read, in bytes. */
  maxBodyBytes: number;
  /**
   * The most bytes that the status line, headers, chunk sizes and trailers may take.
   *
   * @default {65536}
   */
  maxHeadBytes?: number;
  /**
   * Whether a status is all that counts.
   *
   * @default {() => false}
   */
  statusIsEnough?: (status: number) => boolean;
}

/** Reads a response piece by piece: see {@linkcode createResponseReader}. */
export interface ResponseReader {
  /**
   * Takes the next bytes. The reader keeps no reference to them.
   *
   * @returns The response, once it is whole.
   * @throws {ResponseError} If this is not an HTTP response, or exceeds a limit.
   */
  push(bytes: Uint8Array): HttpResponse | undefined;
  /**
   * Takes the end of the connection, which may be the end of the response.
   *
   * @throws {ResponseError} If the response is not whole.
   */
  end(): HttpResponse;
  /** The response so far; `undefined` until its status is known. */
  soFar(): HttpResponse | undefined;
}

/** Why a response cannot be used. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
  /** Whether the connection ended too early, which is a fault of the network. */
  readonly truncated: boolean;

  constructor(message: string, options: { truncated?: boolean } = {}) {
    super(message);
    this.truncated = options.truncated ?? false;
  }
}

type State =
  | "status line"
  | "headers"
  | "sized body"
  | "body until the end"
  | "chunk size"
  | "chunk"
  | "end of chunk"
  | "trailers"
  | "done";

const STATUS_LINE_REGEXP = /^HTTP\/1\.[01] ([1-9][0-9]{2})(?: (.*))?$/;
const HEADER_NAME_REGEXP = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CHUNK_SIZE_REGEXP = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/;
/** The most characters that a message quotes of a line that should be a chunk's size. */
const MAX_QUOTED_SIZE_LENGTH = 8;
const LENGTH_REGEXP = /^[0-9]{1,15}$/;
const LF = 10;

/**
 * Creates a reader of one HTTP/1.1 response (RFC 9112) that never holds more than its
 * limits.
 *
 * Interim (1xx) responses are skipped. A body ends with its length, its last chunk, or the
 * connection. A compressed body is refused: the request did not allow it.
 */
export function createResponseReader(
  options: ResponseReaderOptions,
): ResponseReader {
  const { maxBodyBytes, maxHeadBytes = 65536, statusIsEnough = () => false } =
    options;
  let state: State = "status line";
  let line: number[] = [];
  let headBytes = 0;
  let status = 0;
  let reason = "";
  let headers = new Map<string, string>();
  let body = new Uint8Array(0);
  let bodyBytes = 0;
  let missing = 0;

  function takeHeadByte(byte: number): string | undefined {
    headBytes += 1;
    if (headBytes > maxHeadBytes) {
      throw new ResponseError(
        `The headers of the response are over ${maxHeadBytes} bytes`,
      );
    }
    if (byte !== LF) {
      line.push(byte);
      return undefined;
    }
    if (line.at(-1) === 13) line.pop();
    const text = latin1(line);
    line = [];
    return text;
  }

  function takeLine(text: string): void {
    switch (state) {
      case "status line": {
        const match = STATUS_LINE_REGEXP.exec(text);
        if (match === null) {
          throw new ResponseError(
            `The response is not HTTP: "${shorten(text)}"`,
          );
        }
        status = Number(match[1]);
        reason = (match[2] ?? "").trim();
        state = statusIsEnough(status) ? "done" : "headers";
        return;
      }
      case "headers":
        if (text !== "") return addHeader(text);
        if (status >= 200) return startBody();
        headers = new Map();
        state = "status line";
        return;
      case "chunk size": {
        const size = CHUNK_SIZE_REGEXP.exec(text)?.[1];
        if (size === undefined) {
          // It may be a piece of the body, which may be secret.
          throw new ResponseError(
            `The response has a chunk of the size "${
              shorten(text, MAX_QUOTED_SIZE_LENGTH)
            }"`,
          );
        }
        missing = parseInt(size, 16);
        checkBodySize(bodyBytes + missing);
        state = missing === 0 ? "trailers" : "chunk";
        return;
      }
      case "end of chunk":
        if (text !== "") {
          throw new ResponseError("A chunk of the response is over its size");
        }
        state = "chunk size";
        return;
      case "trailers":
        if (text === "") state = "done";
        return;
    }
  }

  function addHeader(text: string): void {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!HEADER_NAME_REGEXP.test(name) || /[\r\0]/.test(text)) {
      throw new ResponseError(
        `The response has the invalid header "${shorten(text)}"`,
      );
    }
    const value = text.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }

  function startBody(): void {
    const coding = headers.get("content-encoding")?.toLowerCase();
    if (coding !== undefined && coding !== "identity" && coding !== "") {
      throw new ResponseError(
        `The response has the content coding "${
          shorten(coding)
        }", which was not asked for`,
      );
    }
    const transfer = headers.get("transfer-encoding")?.toLowerCase();
    const length = headers.get("content-length");
    if (status === 204 || status === 304) {
      state = "done";
    } else if (transfer !== undefined) {
      if (transfer !== "chunked") {
        throw new ResponseError(
          `The response has the unknown transfer coding "${shorten(transfer)}"`,
        );
      }
      state = "chunk size";
    } else if (length !== undefined) {
      missing = parseLength(length);
      checkBodySize(missing);
      state = missing === 0 ? "done" : "sized body";
    } else {
      state = "body until the end";
    }
  }

  function checkBodySize(size: number): void {
    if (size > maxBodyBytes) {
      throw new ResponseError(
        `The body of the response is over ${maxBodyBytes} bytes`,
      );
    }
  }

  function addToBody(bytes: Uint8Array): void {
    const size = bodyBytes + bytes.length;
    checkBodySize(size);
    if (size > body.length) {
      const larger = new Uint8Array(
        Math.min(maxBodyBytes, Math.max(size, body.length * 2, 4096)),
      );
      larger.set(body.subarray(0, bodyBytes));
      body = larger;
    }
    body.set(bytes, bodyBytes);
    bodyBytes = size;
  }

  function response(): HttpResponse {
    return { status, reason, headers, body: body.subarray(0, bodyBytes) };
  }

  return {
    soFar: () => status >= 200 ? response() : undefined,
    push(bytes) {
      let index = 0;
      while (index < bytes.length && state !== "done") {
        if (state === "body until the end") {
          addToBody(bytes.subarray(index));
          return undefined;
        }
        if (state === "sized body" || state === "chunk") {
          const piece = bytes.subarray(index, index + missing);
          addToBody(piece);
          index += piece.length;
          missing -= piece.length;
          if (missing === 0) {
            state = state === "chunk" ? "end of chunk" : "done";
          }
          continue;
        }
        const text = takeHeadByte(bytes[index]!);
        index += 1;
        if (text !== undefined) takeLine(text);
      }
      return state === "done" ? response() : undefined;
    },
    end() {
      if (state === "body until the end" || state === "done") return response();
      throw new ResponseError(
        headBytes === 0
          ? "The server closed the connection without an answer"
          : `The response ended within its ${state}`,
        { truncated: true },
      );
    },
  };
}

/** Repeated values are allowed if they are equal (RFC 9112, section 6.3). */
function parseLength(text: string): number {
  const values = new Set(text.split(",").map((value) => value.trim()));
  const [value] = values;
  if (values.size !== 1 || !LENGTH_REGEXP.test(value!)) {
    throw new ResponseError(
      `The response has the invalid Content-Length "${shorten(text)}"`,
    );
  }
  return Number(value);
}

function latin1(bytes: readonly number[]): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
