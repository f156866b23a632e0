import { isLoopback } from "./ipv4.ts";

/** A route of the kernel's main table. Addresses are numbers. */
export interface Route {
  readonly device: string;
  readonly destination: number;
  readonly mask: number;
  /** Zero if the destination is on the link. */
  readonly gateway: number;
  readonly metric: number;
  /** Whether it refuses packets, as an `unreachable` or `prohibit` route does. */
  readonly rejects: boolean;
}

const REJECT_FLAG = 0x0200;

/**
 * Parses the kernel's table of IPv4 routes, whose numbers are hexadecimal and, if they are
 * addresses, in the order of a little-endian machine's bytes. A line of another form is
 * left out.
 */
export function parseRoutes(lines: readonly string[]): Route[] {
  return lines.flatMap((line) => {
    const [device, destination, gateway, flags, , , metric, mask] = line.trim()
      .split(/\s+/);
    const addresses = [destination, gateway, mask].map(parseLittleEndian);
    const [to, by, bits] = addresses;
    if (
      device === undefined || to === undefined || by === undefined ||
      bits === undefined
    ) return [];
    return {
      device,
      destination: to,
      mask: bits,
      gateway: by,
      metric: Number(metric),
      rejects: (parseInt(flags!, 16) & REJECT_FLAG) !== 0,
    };
  });
}

/**
 * Finds the routes to an address, as the kernel would choose them: the longest mask first,
 * then the smallest metric, then the one that came first.
 */
export function routesTo(address: number, routes: readonly Route[]): Route[] {
  return routes
    .filter(({ destination, mask }) => (address & mask) >>> 0 === destination)
    .sort((one, other) => other.mask - one.mask || one.metric - other.metric);
}

/**
 * Finds the machine's own addresses, except the loopback's, in the kernel's tree: an
 * address, and below it how it is used.
 */
export function parseLocalAddresses(
  lines: readonly string[],
  parse: (text: string) => number | undefined,
): number[] {
  const found = new Set<number>();
  let address: number | undefined;
  for (const line of lines) {
    const leaf = /^\s*\|-- ([0-9.]+)\s*$/.exec(line);
    if (leaf !== null) address = parse(leaf[1]!);
    else if (
      address !== undefined && /^\s*\/32 host LOCAL\b/.test(line) &&
      !isLoopback(address)
    ) found.add(address);
  }
  return [...found];
}

/** Finds the devices on whose network an address is. */
export function devicesOf(address: number, routes: readonly Route[]): string[] {
  const devices = routes
    .filter(({ gateway, mask, destination, rejects }) =>
      gateway === 0 && mask !== 0 && mask !== 0xffffffff && !rejects &&
      (address & mask) >>> 0 === destination
    ).map(({ device }) => device);
  return [...new Set(devices)];
}

function parseLittleEndian(text: string | undefined): number | undefined {
  if (!/^[0-9A-F]{8}$/i.test(text ?? "")) return undefined;
  const bytes = text!.match(/../g)!.reverse();
  return parseInt(bytes.join(""), 16);
}
