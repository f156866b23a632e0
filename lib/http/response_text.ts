import type { HttpResponse } from "./message.ts";

/**
 * Reads a body as UTF-8; a byte order mark in front stays.
 *
 * @param response The response.
 * @returns Its text.
 * @throws {TypeError} If the bytes are not UTF-8.
 */
export function responseText(response: HttpResponse): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(response.body);
  } catch {
    throw new TypeError("The body of the response is not UTF-8");
  }
}
