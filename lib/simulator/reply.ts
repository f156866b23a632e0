/** An HTTP answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode replyHead}. */
export interface ReplyHeadOptions {
  readonly keepAlive: boolean;
  readonly server: string;
  readonly date: Date;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  410: "Gone",
  411: "Length Required",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
};

/** The reason phrase of a status. */
export function reasonPhrase(status: number): string {
  return REASONS[status] ?? "Unnamed";
}

/** An answer with a body of the given type. */
export function typedReply(
  status: number,
  contentType: string,
  body: string,
): Reply {
  return {
    status,
    headers: { "Content-Type": contentType },
    body: new TextEncoder().encode(body),
  };
}

/** An answer with an XML body and WireServer's type. */
export function xmlReply(status: number, body: string): Reply {
  return typedReply(status, "text/xml; charset=utf-8", body);
}

/** An answer with a JSON body and IMDS's type. */
export function jsonReply(status: number, value: unknown): Reply {
  return typedReply(
    status,
    "application/json; charset=utf-8",
    JSON.stringify(value),
  );
}

/** An answer with a small HTML page, as the proxies before a service send it. */
export function htmlReply(status: number): Reply {
  const title = `${status} ${reasonPhrase(status)}`;
  const page =
    `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h2>${title}</h2></body></html>\n`;
  return typedReply(status, "text/html; charset=us-ascii", page);
}

/** An answer without a body. */
export function emptyReply(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers, body: new Uint8Array() };
}

/** Adds headers to an answer. */
export function withHeaders(
  reply: Reply,
  headers: Readonly<Record<string, string>>,
): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** The header line for the length of a body. */
function lengthLines(reply: Reply): readonly string[] {
  return reply.status === 304 ? [] : [`Content-Length: ${reply.body.length}`];
}

/** The head of an answer with its empty line. Faults give wrong lines for the length. */
export function replyHead(
  reply: Reply,
  options: ReplyHeadOptions,
  lines = lengthLines(reply),
): Uint8Array<ArrayBuffer> {
  const all = [
    `HTTP/1.1 ${reply.status} ${reasonPhrase(reply.status)}`,
    ...Object.entries(reply.headers).map(([name, value]) =>
      `${name}: ${value}`
    ),
    `Server: ${options.server}`,
    `Date: ${options.date.toUTCString()}`,
    ...lines,
    ...(options.keepAlive ? [] : ["Connection: close"]),
  ];
  return new TextEncoder().encode(`${all.join("\r\n")}\r\n\r\n`);
}
