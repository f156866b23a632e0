/**
 * A second reader of responses, to hold the program's against: it has the whole
 * response at once, so it needs no states.
 *
 * @module
 */

/** A response as the model reads it. */
export type ModelResult =
  | {
    readonly kind: "response";
    readonly status: number;
    readonly reason: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  | { readonly kind: "refused" | "truncated" };

/** The limits. */
export interface ModelLimits {
  readonly maxBodyBytes: number;
  readonly maxHeadBytes: number;
}

class Stop extends Error {
  constructor(readonly kind: "refused" | "truncated") {
    super(kind);
  }
}

/**
 * Reads a response, after which the server closes the connection.
 *
 * @param response The response, each character a byte.
 * @returns The response, whether it is one to refuse, or whether its end is missing.
 */
export function readAtOnce(
  response: string,
  { maxBodyBytes, maxHeadBytes }: ModelLimits,
): ModelResult {
  let at = 0;
  let headBytes = 0;

  function line(): string {
    const end = response.indexOf("\n", at);
    const next = end === -1 ? response.length : end + 1;
    headBytes += next - at;
    if (headBytes > maxHeadBytes) throw new Stop("refused");
    if (end === -1) throw new Stop("truncated");
    const text = response.slice(at, end);
    at = next;
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }

  function take(length: number): string {
    if (at + length > response.length) throw new Stop("truncated");
    at += length;
    return response.slice(at - length, at);
  }

  function head() {
    const [protocol, code = "", ...reason] = line().split(" ");
    const isHttp = protocol === "HTTP/1.1" || protocol === "HTTP/1.0";
    if (!isHttp || !/^[1-9]\d\d$/.test(code) || reason.join().includes("\r")) {
      throw new Stop("refused");
    }
    const headers: Record<string, string> = Object.create(null);
    for (let text = line(); text !== ""; text = line()) {
      const [, name, value] = /^([^:]+):([^]*)$/.exec(text) ?? [];
      if (
        name === undefined || value === undefined || /[\0\r]/.test(value) ||
        // Anything but a token: RFC 9110, section 5.6.2.
        /[^\x21-\x7e]|[(),/:;<=>?@[\\\]{}"]/.test(name)
      ) throw new Stop("refused");
      const key = name.toLowerCase();
      const before = key in headers ? `${headers[key]}, ` : "";
      headers[key] = before + value.trim();
    }
    return { status: Number(code), reason: reason.join(" ").trim(), headers };
  }

  function chunks(): string {
    let body = "";
    while (true) {
      const text = line();
      if (text.includes("\r")) throw new Stop("refused");
      const [written = ""] = text.split(";");
      // Eight digits at most, so no blank further behind could be before one.
      const size = written.slice(0, 9).replace(/[ \t]+$/, "");
      if (/[^ \t]/.test(written.slice(9))) throw new Stop("refused");
      if (!/^[0-9a-f]{1,8}$/i.test(size)) throw new Stop("refused");
      const length = Number(`0x${size}`);
      if (body.length + length > maxBodyBytes) throw new Stop("refused");
      if (length === 0) break;
      body += take(length);
      if (line() !== "") throw new Stop("refused");
    }
    while (line() !== "");
    return body;
  }

  function bodyOf(status: number, headers: Readonly<Record<string, string>>) {
    const coding = headers["content-encoding"] ?? "";
    if (!["", "identity"].includes(coding.toLowerCase())) {
      throw new Stop("refused");
    }
    if (status === 204 || status === 304) return "";
    const transfer = headers["transfer-encoding"];
    if (transfer !== undefined) {
      if (transfer.toLowerCase() !== "chunked") throw new Stop("refused");
      return chunks();
    }
    const lengths = headers["content-length"]?.split(",").map((it) =>
      it.trim()
    );
    if (lengths === undefined) {
      if (response.length - at > maxBodyBytes) throw new Stop("refused");
      return response.slice(at);
    }
    const length = lengths[0]!;
    if (
      lengths.some((it) => it !== length) || !/^\d{1,15}$/.test(length) ||
      Number(length) > maxBodyBytes
    ) throw new Stop("refused");
    return take(Number(length));
  }

  try {
    let found = head();
    while (found.status < 200) found = head();
    const body = bodyOf(found.status, found.headers);
    return { kind: "response", ...found, body };
  } catch (error) {
    if (error instanceof Stop) return { kind: error.kind };
    throw error;
  }
}
