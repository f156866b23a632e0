/** Where a service listens. */
export interface Endpoint {
  /** An IP address or a host name. An IPv6 address has no brackets. */
  readonly hostname: string;
  /** The TCP port, 0 to 65535. */
  readonly port: number;
}

const ENDPOINT_REGEXP =
  /^(?:\[(?<ipv6>[0-9a-fA-F.]*:[0-9a-fA-F:.]*)\]|(?<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?))(?::(?<port>[0-9]{1,5}))?$/;

/**
 * Parses `HOST` or `HOST:PORT`, such as `127.0.0.1:8080`, `[::1]:80` or `168.63.129.16`.
 * The default port is 80.
 *
 * @throws {TypeError} If the text is neither.
 */
export function parseEndpoint(text: string): Endpoint {
  const groups = ENDPOINT_REGEXP.exec(text)?.groups;
  const hostname = groups?.ipv6 ?? groups?.host;
  const port = Number(groups?.port ?? 80);
  if (hostname === undefined || port > 65535) {
    throw new TypeError(`"${text}" is not of the form HOST or HOST:PORT`);
  }
  return { hostname, port };
}

/**
 * Formats an endpoint as the authority of a URL, such as `127.0.0.1:8080`. Port 80 is left
 * out.
 */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = endpoint.hostname.includes(":")
    ? `[${endpoint.hostname}]`
    : endpoint.hostname;
  return endpoint.port === 80 ? host : `${host}:${endpoint.port}`;
}
