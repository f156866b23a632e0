import type {
  Platform,
  PlatformEvent,
  Target,
} from "../../../lib/simulator/mod.ts";
import {
  type Address,
  configRequest,
  goalStateRequest,
  healthRequest,
  healthServiceRequest,
  hostPluginRequest,
  jsonHealthRequest,
  metadataRequest,
  rolePropertiesRequest,
  telemetryRequest,
  withPlatform,
  writeAll,
} from "../raw_http.ts";
import { faults } from "./_faults.ts";

/** A request of every kind, in order. */
export const REQUESTS: Readonly<Record<Target, string>> = {
  "goal-state": goalStateRequest(),
  config: configRequest("comp=config&type=sharedConfig"),
  certificates: configRequest("comp=certificates"),
  versions: goalStateRequest({ target: "/?comp=versions" }),
  health: healthRequest(),
  "health-json": jsonHealthRequest(),
  "role-properties": rolePropertiesRequest(),
  telemetry: telemetryRequest(),
  "health-service": healthServiceRequest(),
  metadata: metadataRequest(),
  "metadata-other": metadataRequest({ target: "/metadata/versions" }),
  "vm-settings": hostPluginRequest(),
  "host-plugin": hostPluginRequest({ target: "/versions" }),
};

/** Every kind of request. */
export const KINDS = Object.keys(REQUESTS) as readonly Target[];

/** The kinds of request whose answers have a body. */
export const WITH_BODY: readonly Target[] = [
  "goal-state",
  "config",
  "certificates",
  "versions",
  "metadata",
  "metadata-other",
  "vm-settings",
  "host-plugin",
];

/** The kinds of request whose answers hold the VM's names and ids. */
export const WITH_VALUES: readonly Target[] = ["goal-state", "metadata"];

/** What came over a connection. */
export interface Wire {
  /** All of it, one character a byte. */
  readonly bytes: string;
  /** The lines of the head, but for the one that tells the time. */
  readonly head: readonly string[];
  /** What came behind the head, one character a byte. */
  readonly body: string;
}

/** A spoilt answer, and the true one to the same request. */
export interface Answers {
  readonly spoilt: Wire;
  readonly honest: Wire;
  /** What the platform recorded of the spoilt one. */
  readonly event: PlatformEvent;
}

/**
 * Plays a fault on a request, and asks again without.
 *
 * @param name The fault.
 * @param kind The kind of request.
 * @returns Both answers.
 */
export async function spoil(name: string, kind: Target): Promise<Answers> {
  let answers: Answers | undefined;
  await withPlatform(faults(`${name}@${kind}=1`), async (platform) => {
    const address = addressOf(platform, kind);
    const spoilt = takeApart(await exchangeBytes(address, REQUESTS[kind]));
    const honest = takeApart(await exchangeBytes(address, REQUESTS[kind]));
    answers = { spoilt, honest, event: platform.events[0]! };
  });
  return answers!;
}

/**
 * Where requests of a kind go.
 *
 * @param kind The kind of request.
 * @returns The address.
 */
export function addressOf(platform: Platform, kind: Target): Address {
  if (kind === "vm-settings" || kind === "host-plugin") {
    return platform.hostPlugin!;
  }
  return kind.startsWith("metadata") ? platform.imds : platform.wireserver;
}

/**
 * Sends a request on a connection of its own and reads to the end, or only so much.
 *
 * @param address Where to.
 * @param most After how many bytes the connection is closed.
 * @returns What came, one character a byte.
 */
export async function exchangeBytes(
  address: Address,
  request: string,
  most = Infinity,
): Promise<string> {
  using connection = await Deno.connect(address);
  await writeAll(connection, request);
  const buffer = new Uint8Array(64 * 1024);
  let bytes = "";
  while (bytes.length < most) {
    const count = await connection.read(buffer);
    if (count === null) break;
    bytes += String.fromCharCode(...buffer.subarray(0, count));
  }
  return bytes;
}

/**
 * Takes an answer apart.
 *
 * @param bytes The answer, one character a byte.
 * @returns Its parts.
 */
export function takeApart(bytes: string): Wire {
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes.slice(0, end).split("\r\n").filter((line) =>
    !line.startsWith("Date: ")
  );
  return { bytes, head, body: bytes.slice(end + 4) };
}

/**
 * Makes text of bytes.
 *
 * @param bytes One character a byte.
 * @returns What they say in UTF-8.
 */
export function decode(bytes: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(toBytes(bytes));
}

/**
 * Makes bytes of text.
 *
 * @param bytes One character a byte.
 * @returns The bytes.
 */
export function toBytes(bytes: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

/**
 * The head that an answer would have with other lines for its length.
 *
 * @param honest The true answer.
 * @param lines What stands in for the line that tells the length.
 * @returns The lines of the head.
 */
export function headWith(
  { head }: Wire,
  ...lines: readonly string[]
): readonly string[] {
  return head.flatMap((line) =>
    line.startsWith("Content-Length: ") ? lines : [line]
  );
}
