/** A request, before it is put on the wire. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Path and query, such as `/machine?comp=goalstate`. */
  readonly target: string;
  /** Headers. `Host`, `Content-Length` and `Connection` are added. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST. */
  readonly body?: string;
}

/** A whole response. */
export interface HttpResponse {
  /** The status code, 200 to 999. */
  readonly status: number;
  /** The reason phrase, often empty. */
  readonly reason: string;
  /** Headers by lower-case name. Repeated ones are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** The body, without its transfer coding. */
  readonly body: Uint8Array;
}

/** Whether the status of a response is 200 to 299. */
export function isSuccess(response: HttpResponse): boolean {
  return isSuccessStatus(response.status);
}

/** Whether a status is 200 to 299. */
export function isSuccessStatus(status: number): boolean {
  return status >= 200 && status <= 299;
}

/**
 * Formats the status for the journal, such as `200 OK`, or `200` if the platform gives no
 * reason phrase.
 */
export function statusLine(response: HttpResponse): string {
  return `${response.status} ${response.reason.slice(0, 80)}`.trimEnd();
}

/**
 * Decodes a body as UTF-8. A byte order mark stays.
 *
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
