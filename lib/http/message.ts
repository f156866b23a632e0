/** A request, before it is put on the wire. */
export interface HttpRequest {
  /** The method. */
  readonly method: "GET" | "POST";
  /** Path and query, such as `/machine?comp=goalstate`. */
  readonly target: string;
  /** Headers, but for `Host`, `Content-Length` and `Connection`, which are added. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST. */
  readonly body?: string;
}

/** A whole response, read within its limits. */
export interface HttpResponse {
  /** The status code, 200 to 999. */
  readonly status: number;
  /** The reason phrase, often empty. */
  readonly reason: string;
  /** Headers by lower-case name; repeated ones are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** The body, after its transfer coding was taken off. */
  readonly body: Uint8Array;
}

/**
 * Says whether a response is a success: a 2xx and nothing else.
 *
 * @param response The response.
 * @returns Whether its status is 200 to 299.
 */
export function isSuccess(response: HttpResponse): boolean {
  return isSuccessStatus(response.status);
}

/**
 * Says whether a status is a success.
 *
 * @param status The status code.
 * @returns Whether it is 200 to 299.
 */
export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status <= 299;
}

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
