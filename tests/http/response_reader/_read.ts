import type { HttpResponse } from "../../../lib/http/message.ts";
import {
  createResponseReader,
  type ResponseReaderOptions,
} from "../../../lib/http/response_reader.ts";

/**
 * Reads pieces as if each came with a read of its own, and then the connection's end.
 *
 * @param options What differs from a limit of 1000 bytes.
 * @returns The response.
 */
export function read(
  pieces: readonly Uint8Array[],
  options: Partial<ResponseReaderOptions> = {},
): HttpResponse {
  const reader = createResponseReader({ maxBodyBytes: 1000, ...options });
  for (const piece of pieces) {
    const response = reader.push(piece);
    if (response !== undefined) return response;
  }
  return reader.end();
}

/**
 * Makes every character one byte.
 *
 * @param latin1 The characters.
 * @returns The bytes.
 */
export function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}

/** A response that can be compared. */
export interface Plain {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Makes a response one that can be compared.
 *
 * @returns The same in plain values.
 */
export function plain(response: HttpResponse): Plain {
  return {
    status: response.status,
    reason: response.reason,
    headers: Object.fromEntries(response.headers),
    body: new TextDecoder().decode(response.body),
  };
}

/** The start of an answer. */
export const HEAD = "HTTP/1.1 200 OK\r\n";

/** The start of an answer in chunks. */
export const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
