import { quote, Refusal } from "./refusal.ts";
import type { Request } from "./request.ts";

const PROTOCOL = "2012-11-30";

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
