import { quote } from "./refusal.ts";

/** A network card of the VM. */
export interface Card {
  /** Twelve hexadecimal digits in capitals, as IMDS writes it. */
  readonly mac: string;
  readonly ipv4: readonly Ipv4Address[];
  /** The addresses without their prefixes, which IMDS does not tell. */
  readonly ipv6: readonly string[];
}

/** An IPv4 address of a card. */
export interface Ipv4Address {
  readonly address: string;
  /** The address that reaches it from outside; empty if none does. */
  readonly publicAddress: string;
  /** The length of the subnet's prefix. */
  readonly prefix: number;
}

/** The card of a VM whose cards nobody has described. */
export const DEFAULT_CARDS: readonly Card[] = [
  parseCard("00:0d:3a:12:34:56", 0),
];

/**
 * Parses `MAC[,ADDRESS[/PREFIX][=PUBLIC]]...`, such as `00:0d:3a:00:00:01,10.0.0.4/24`. A card
 * without an IPv4 address gets one of a subnet of its own: on Azure, each has one.
 *
 * @param index The place of the card, from 0.
 * @throws {Error} If it is wrong. The message says how.
 */
export function parseCard(text: string, index: number): Card {
  const [macText = "", ...addresses] = text.split(",");
  const mac = /^[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5}$/.test(macText)
    ? macText.replace(/[:-]/g, "").toUpperCase()
    : undefined;
  if (mac === undefined) {
    throw new Error(
      `${
        quote(macText)
      } is not a MAC address; the form is "MAC[,ADDRESS[/PREFIX][=PUBLIC]]..."`,
    );
  }
  const ipv6 = addresses.filter((address) => address.includes(":"));
  if (ipv6.length === addresses.length) {
    addresses.push(`10.0.${index % 256}.4/24`);
  }
  return {
    mac,
    ipv4: addresses.filter((address) => !ipv6.includes(address)).map(parseIpv4),
    ipv6: ipv6.map(parseIpv6),
  };
}

/** The network of the instance metadata. */
export function networkMetadata(cards: readonly Card[]): unknown {
  return {
    interface: cards.map(({ mac, ipv4, ipv6 }) => ({
      ipv4: {
        ipAddress: ipv4.map(({ address, publicAddress }) => ({
          privateIpAddress: address,
          publicIpAddress: publicAddress,
        })),
        subnet: subnetsOf(ipv4),
      },
      ipv6: {
        ipAddress: ipv6.map((privateIpAddress) => ({ privateIpAddress })),
      },
      macAddress: mac,
    })),
  };
}

function parseIpv4(text: string): Ipv4Address {
  const [, address = "", prefix = "24", publicAddress = ""] =
    /^([^/=]+)(?:\/(\d{1,2}))?(?:=(.+))?$/.exec(text) ?? [];
  if (
    ![address, publicAddress || address].every(isIpv4) || Number(prefix) > 32
  ) {
    throw new Error(`${quote(text)} is not an address such as "10.0.0.4/24"`);
  }
  return { address, publicAddress, prefix: Number(prefix) };
}

function parseIpv6(text: string): string {
  const [, address = "", prefix = "64"] =
    /^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (!URL.canParse(`http://[${address}]/`) || Number(prefix) > 128) {
    throw new Error(`${quote(text)} is not an address such as "fd00::4/64"`);
  }
  return address.toLowerCase();
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** Each subnet once: several addresses of a card are in one. */
function subnetsOf(addresses: readonly Ipv4Address[]): unknown[] {
  const subnets = addresses.map(({ address, prefix }) =>
    `${networkOf(address, prefix)}/${prefix}`
  );
  return [...new Set(subnets)].map((subnet) => {
    const [address, prefix] = subnet.split("/");
    return { address, prefix };
  });
}

function networkOf(address: string, prefix: number): string {
  let bits = prefix;
  return address.split(".").map((byte) => {
    const kept = Math.min(8, Math.max(0, bits));
    bits -= 8;
    return Number(byte) & (0xFF00 >> kept);
  }).join(".");
}
