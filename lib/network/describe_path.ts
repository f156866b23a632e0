import { formatIpv4, parseIpv4 } from "./ipv4.ts";
import {
  devicesOf,
  parseLocalAddresses,
  parseRoutes,
  type Route,
  routesTo,
} from "./routes.ts";
import type { NetworkTables } from "./tables.ts";

/** What the kernel calls a device that can send: some drivers do not know their state. */
const WORKING_STATES: readonly (string | undefined)[] = [
  "up",
  "unknown",
  undefined,
];

/** The most devices or routes that are named. */
const MAX_NAMED = 4;

/**
 * Describes which way packets to an address take, or why there is none.
 *
 * @param target The address.
 * @param tables What the kernel knows of the network.
 * @param from The source address, if a connection has shown it.
 * @returns Words that can follow a semicolon.
 */
export function describePath(
  target: number,
  { devices, ...tables }: NetworkTables,
  from?: string,
): string {
  const routes = parseRoutes(tables.routes);
  const addresses = parseLocalAddresses(tables.addresses, parseIpv4);
  const to = formatIpv4(target);
  if (addresses.includes(target)) {
    return `${to} is an address of this machine itself`;
  }
  const [best, ...others] = routesTo(target, routes);
  if (best === undefined) {
    return `this machine has no route to ${to} and no default route: ${
      describeCards(devices, addresses, routes)
    }`;
  }
  const prefix = `${formatIpv4(best.destination)}/${maskLength(best.mask)}`;
  if (best.rejects) return `the route to ${prefix} refuses packets to ${to}`;
  const gateway = best.gateway === 0
    ? "no gateway"
    : `gateway ${formatIpv4(best.gateway)}`;
  const source = from ?? sourceOf(best, addresses, routes);
  const rivals = [...new Set(others.map(({ device }) => device))]
    .filter((device) => device !== best.device).slice(0, MAX_NAMED);
  const other = rivals.map((it) => `, not through ${card(it, devices)}`);
  return `packets to ${to} go through ${
    card(best.device, devices)
  } (${source}, ${gateway}, route ${prefix})${other.join("")}`;
}

function card(name: string, devices: NetworkTables["devices"]): string {
  const state = devices.get(name);
  return WORKING_STATES.includes(state)
    ? `"${name}"`
    : `"${name}", which is ${stateWords(state!)}`;
}

/** The kernel chooses the address on the gateway's network, or else any of the device's. */
function sourceOf(
  { device, gateway, destination }: Route,
  addresses: readonly number[],
  routes: readonly Route[],
): string {
  const near = routesTo(gateway === 0 ? destination : gateway, routes)
    .find((it) => it.gateway === 0 && it.device === device);
  const own = addresses.filter((it) => devicesOf(it, routes).includes(device));
  const best =
    own.find((it) =>
      near !== undefined && (it & near.mask) >>> 0 === near.destination
    ) ?? own[0] ?? (addresses.length === 1 ? addresses[0] : undefined);
  if (best === undefined) return "unknown address";
  return devicesOf(best, routes).length > 1
    ? "an address of a network that another card is on as well"
    : formatIpv4(best);
}

function describeCards(
  devices: NetworkTables["devices"],
  addresses: readonly number[],
  routes: readonly Route[],
): string {
  if (devices.size === 0) return "it has no network card";
  const cards = [...devices].slice(0, MAX_NAMED).map(([name, state]) => {
    const own = addresses.filter((it) => devicesOf(it, routes).includes(name));
    const has = own.length === 0
      ? "has no address"
      : `has ${own.map(formatIpv4).join(", ")}`;
    return WORKING_STATES.includes(state)
      ? `"${name}" ${has}`
      : `"${name}" is ${stateWords(state!)} and ${has}`;
  });
  const known = addresses.filter((it) => devicesOf(it, routes).length > 0);
  const rest = addresses.filter((it) => !known.includes(it)).map(formatIpv4);
  return [
    ...cards,
    ...(rest.length === 0 ? [] : [`and it has ${rest.join(", ")}`]),
  ].join(", ");
}

/** See the kernel's `Documentation/networking/operstates.rst`. */
function stateWords(state: string): string {
  return state === "lowerlayerdown" ? "without a link" : state;
}

function maskLength(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}
