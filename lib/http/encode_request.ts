import { type Endpoint, formatEndpoint } from "./endpoint.ts";
import type { HttpRequest } from "./message.ts";

const encoder = new TextEncoder();

const TARGET_REGEXP = /^\/[\x21-\x7e]*$/;
const HEADER_NAME_REGEXP = /^[A-Za-z0-9-]+$/;
const HEADER_VALUE_REGEXP = /^[\x20-\x7e]*$/;

/**
 * Encodes a request.
 *
 * The target is in origin form: it is meant for a server, never for a proxy. The
 * connection serves only this request, and the answer's body must not be compressed.
 *
 * @throws {TypeError} If the target or a header holds characters that could end it early,
 * or a header is repeated.
 */
export function encodeRequest(
  request: HttpRequest,
  endpoint: Endpoint,
): Uint8Array<ArrayBuffer> {
  if (!TARGET_REGEXP.test(request.target)) {
    throw new TypeError(`Cannot send the request target "${request.target}"`);
  }
  const body = encoder.encode(request.body ?? "");
  const headers: Record<string, string> = {
    "Host": formatEndpoint(endpoint),
    ...request.headers,
    "Accept-Encoding": "identity",
    "Connection": "close",
  };
  if (request.method === "POST") {
    headers["Content-Length"] = String(body.length);
  }
  let head = `${request.method} ${request.target} HTTP/1.1\r\n`;
  const names = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME_REGEXP.test(name) || !HEADER_VALUE_REGEXP.test(value)) {
      throw new TypeError(`Cannot send the header "${name}: ${value}"`);
    }
    if (names.has(name.toLowerCase())) {
      throw new TypeError(`Cannot send the header "${name}" twice`);
    }
    names.add(name.toLowerCase());
    head += `${name}: ${value}\r\n`;
  }
  const headBytes = encoder.encode(head + "\r\n");
  const bytes = new Uint8Array(headBytes.length + body.length);
  bytes.set(headBytes);
  bytes.set(body, headBytes.length);
  return bytes;
}
