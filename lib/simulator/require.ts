import { quote, Refusal } from "./refusal.ts";
import type { Request } from "./request.ts";

const PROTOCOL = "2012-11-30";

/** The type of WireServer's XML. */
export const XML_TYPE = /^text\/xml[ \t]*;[ \t]*charset=utf-8$/i;

/** Refuses a request without the version of WireServer's protocol. */
export function requireProtocol(request: Request): void {
  const version = request.headers["x-ms-version"];
  if (version === undefined) {
    throw new Refusal(400, `Header "x-ms-version" is missing`);
  }
  if (version !== PROTOCOL) {
    throw new Refusal(
      400,
      `Header "x-ms-version" is ${quote(version)}, not "${PROTOCOL}"`,
    );
  }
}

/** Refuses a request with a body. */
export function requireNoBody(request: Request): void {
  if (request.body.length > 0) {
    throw new Refusal(
      400,
      `Body of "${request.body.length}" bytes is not allowed here`,
    );
  }
}

/** Refuses a request in which a header, named in lower case, is missing or empty. */
export function requireHeader(request: Request, name: string): void {
  if ((request.headers[name] ?? "") === "") {
    throw new Refusal(400, `Header "${name}" is missing or empty`);
  }
}

/** Decodes the body of a request, and refuses it if it is not UTF-8. */
export function requireUtf8({ body }: Request): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      body,
    );
  } catch (error) {
    throw error instanceof TypeError
      ? new Refusal(400, `Report is not "utf-8"`)
      : error;
  }
}

/** Refuses a request of another type, with the status. */
export function requireType(
  request: Request,
  type: RegExp,
  wanted: string,
  status: number,
): void {
  const found = request.headers["content-type"] ?? "";
  if (!type.test(found)) {
    throw new Refusal(
      status,
      `Header "Content-Type" is ${quote(found)}, not ${quote(wanted)}`,
    );
  }
}

/** Refuses a document whose id is not the VM's. */
export function requireSame(
  element: string,
  found: string,
  ours: string,
): void {
  if (found !== ours) {
    throw new Refusal(
      400,
      `Element "${element}" is ${quote(found)}, not ${quote(ours)}`,
    );
  }
}

/** Decodes the body of a request as an object of JSON, and refuses anything else. */
export function requireJson(
  request: Request,
): Readonly<Record<string, unknown>> {
  const text = requireUtf8(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, `Body ${quote(text)} is not an object of JSON`);
  }
  return value as Readonly<Record<string, unknown>>;
}
