import { quote, Refusal } from "./refusal.ts";

/** The head of a valid HTTP/1.1 request. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  /** Names in lower case. The values of a repeated header are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentLength: number;
  readonly keepAlive: boolean;
}

/** A whole request. */
export interface Request extends RequestHead {
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The most bytes that the head of a request may have. */
export const HEAD_LIMIT = 16 * 1024;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VISIBLE = /^[\x21-\x7E]+$/;
const FIELD_VALUE = /^[\t\x20-\x7E]*$/;
const PROXY_HEADERS = ["proxy-connection", "via"];

/**
 * Parses the head of a request, including its empty line, strictly.
 *
 * @param bodyLimit The most bytes that the body may have.
 * @throws {Refusal} If it is invalid. The message says why.
 */
export function parseRequestHead(
  text: string,
  bodyLimit: number,
): RequestHead {
  if (text.length > HEAD_LIMIT) {
    throw new Refusal(431, `Head is longer than "${HEAD_LIMIT}" bytes`);
  }
  const [requestLine = "", ...fieldLines] = splitLines(text);
  const { method, target } = parseRequestLine(requestLine);
  const fields = fieldLines.map(parseField);
  const headers = joinFields(fields);
  checkHost(fields);
  checkNoProxy(headers);
  if ("transfer-encoding" in headers) {
    throw new Refusal(
      400,
      `Header "Transfer-Encoding" is not supported, it is ${
        quote(headers["transfer-encoding"] ?? "")
      }`,
    );
  }
  return {
    method,
    target,
    headers,
    contentLength: parseContentLength(
      method,
      headers["content-length"],
      bodyLimit,
    ),
    keepAlive: !/(^|,)\s*close\s*(,|$)/i.test(headers["connection"] ?? ""),
  };
}

/**
 * Guesses method and target of a request line that may be invalid: for events, and for
 * faults that come before the head is read.
 */
export function guessRequestLine(
  text: string,
): { method: string; target: string } {
  const [method = "", target = ""] = (text.split(/\r?\n/, 1)[0] ?? "").split(
    " ",
  );
  return VISIBLE.test(method) && VISIBLE.test(target)
    ? { method, target }
    : { method: "", target: "" };
}

function splitLines(text: string): string[] {
  const lines = text.split("\n").slice(0, -2);
  return lines.map((line) => {
    if (!line.endsWith("\r")) {
      throw new Refusal(
        400,
        `Line ${quote(line)} of the head does not end in CR LF`,
      );
    }
    return line.slice(0, -1);
  });
}

function parseRequestLine(line: string): { method: string; target: string } {
  const [method = "", target = "", version = "", ...rest] = line.split(" ");
  if (
    !TOKEN.test(method) || !VISIBLE.test(target) || version === "" ||
    rest.length > 0
  ) {
    throw new Refusal(400, `Request line ${quote(line)} is malformed`);
  }
  if (version !== "HTTP/1.1") {
    throw new Refusal(505, `Version ${quote(version)} is not "HTTP/1.1"`);
  }
  if (!target.startsWith("/")) {
    throw new Refusal(
      400,
      `Target ${quote(target)} is not in origin form, as if sent to a proxy`,
    );
  }
  return { method, target };
}

function parseField(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  const value = line.slice(colon + 1);
  if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) {
    throw new Refusal(400, `Header line ${quote(line)} is malformed`);
  }
  return [name.toLowerCase(), value.trim()];
}

function joinFields(
  fields: readonly [string, string][],
): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of fields) {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

function checkHost(fields: readonly [string, string][]): void {
  const hosts = fields.filter(([name]) => name === "host");
  if (hosts.length !== 1) {
    throw new Refusal(
      400,
      `Header "Host" occurs "${hosts.length}" times, not once`,
    );
  }
}

function checkNoProxy(headers: Readonly<Record<string, string>>): void {
  for (const name of PROXY_HEADERS) {
    if (Object.hasOwn(headers, name)) {
      throw new Refusal(
        400,
        `Header ${quote(name)} shows that a proxy is in between`,
      );
    }
  }
}

function parseContentLength(
  method: string,
  value: string | undefined,
  limit: number,
): number {
  if (value === undefined) {
    if (method === "POST") {
      throw new Refusal(411, `Header "Content-Length" is missing`);
    }
    return 0;
  }
  if (!/^\d{1,15}$/.test(value)) {
    throw new Refusal(
      400,
      `Header "Content-Length" is ${quote(value)}, not one number`,
    );
  }
  const length = Number(value);
  if (length > limit) {
    throw new Refusal(
      413,
      `Body of "${length}" bytes is longer than "${limit}"`,
    );
  }
  return length;
}
