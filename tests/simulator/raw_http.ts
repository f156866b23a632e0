import {
  type Platform,
  type PlatformOptions,
  startPlatform,
} from "../../lib/simulator/mod.ts";

/** An answer taken apart, by hand as the requests are made. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What can differ from a request that is in order. */
export interface RequestChanges {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Replaces or, with undefined, takes away headers of the request that is in order. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Whole lines behind the headers. */
  readonly lines?: readonly string[];
  readonly body?: string;
}

/** What can differ from a health report that is in order. */
export interface ReportChanges {
  readonly incarnation?: string;
  readonly containerId?: string;
  readonly instanceId?: string;
  readonly health?: string;
}

/** Where a service of the platform listens. */
export type Address = Platform["wireserver"];

/** The metadata request that a client makes first. */
export const METADATA =
  "/metadata/instance?api-version=2021-08-01&extended=true";

/** Runs a test on a platform of its own, on free ports of this machine. */
export async function withPlatform(
  options: Partial<PlatformOptions>,
  test: (platform: Platform) => Promise<void> | void,
): Promise<void> {
  const address = { hostname: "127.0.0.1", port: 0 };
  const platform = await startPlatform({
    wireserver: address,
    imds: address,
    hostPlugin: address,
    ...options,
  });
  try {
    await test(platform);
  } finally {
    await platform.shutdown();
  }
}

/** Sends text or bytes on a connection of its own and reads to the end. */
export async function exchange(
  address: Address,
  text: string | Uint8Array,
): Promise<string> {
  using connection = await Deno.connect(address);
  await writeAll(connection, text);
  return await readToEnd(connection);
}

/** Writes a whole text, or all of the bytes. */
export async function writeAll(
  connection: Deno.Conn,
  text: string | Uint8Array,
): Promise<void> {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** Reads until the other side closes. */
export async function readToEnd(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const buffer = new Uint8Array(4096);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/** Takes an answer apart. */
export function parseAnswer(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(statusLine)?.[1]),
    headers: Object.fromEntries(lines.map((line) => {
      const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
      return [name.toLowerCase(), value];
    })),
    body: rest.join("\r\n\r\n"),
  };
}

/** A goal state request, in order but for the changes. */
export function goalStateRequest(changes: RequestChanges = {}): string {
  return formatRequest("GET", "/machine?comp=goalstate", {
    "x-ms-version": "2012-11-30",
  }, changes);
}

/** A health request, in order but for the changes. */
export function healthRequest(changes: RequestChanges = {}): string {
  return reportRequest("/machine?comp=health", changes);
}

function reportRequest(target: string, changes: RequestChanges): string {
  const body = changes.body ?? report();
  return formatRequest("POST", target, {
    "x-ms-version": "2012-11-30",
    "x-ms-agent-name": "test",
    "Content-Type": "text/xml;charset=utf-8",
    "Content-Length": String(new TextEncoder().encode(body).length),
  }, { ...changes, body });
}

/** A health request in JSON, in order but for the changes. */
export function jsonHealthRequest(changes: RequestChanges = {}): string {
  const body = changes.body ?? '{"state":"Ready"}';
  return formatRequest("POST", "/provisioning/health", {
    "x-ms-guest-agent-name": "test",
    "Content-Type": "application/json",
    "Content-Length": String(new TextEncoder().encode(body).length),
  }, { ...changes, body });
}

/** A metadata request, in order but for the changes. */
export function metadataRequest(changes: RequestChanges = {}): string {
  return formatRequest("GET", METADATA, { Metadata: "true" }, changes);
}

/** The container id of a platform that was given none. */
export const CONTAINER_ID = "7b324f53-983a-43bc-b919-1775d6077608";

/** The name of the configuration of that VM. */
export const CONFIG_NAME =
  "fbb84507-46cd-4f4e-bd78-a2edaa9d059b.0.fbb84507-46cd-4f4e-bd78-a2edaa9d059b.0._demo1.1.xml";

/** A request for a document of the goal state, in order but for the changes. */
export function configRequest(
  query: string,
  changes: RequestChanges = {},
): string {
  return goalStateRequest({
    target:
      `/machine/${CONTAINER_ID}/fbb84507%2D46cd%2D4f4e%2Dbd78%2Da2edaa9d059b.%5Fdemo1?${query}&incarnation=42`,
    ...changes,
  });
}

/** The properties of a role, in order but for the changes. */
export function rolePropertiesRequest(changes: RequestChanges = {}): string {
  return reportRequest("/machine?comp=roleProperties", {
    body: roleProperties(),
    ...changes,
  });
}

/** The properties of the role of a VM. */
export function roleProperties(containerId = CONTAINER_ID): string {
  return `<?xml version="1.0" encoding="utf-8"?><RoleProperties><Container><ContainerId>${containerId}</ContainerId><RoleInstances><RoleInstance><Id>fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1</Id><Properties><Property name="CertificateThumbprint" value="C093FA5C" /></Properties></RoleInstance></RoleInstances></Container></RoleProperties>`;
}

/** Telemetry, in order but for the changes. */
export function telemetryRequest(changes: RequestChanges = {}): string {
  return reportRequest("/machine?comp=telemetrydata", {
    body:
      '<?xml version="1.0"?><TelemetryData version="1.0"><Provider id="69B669B9-4AF8-4C50-BDC4-6006FA76E975"><Event id="1"><![CDATA[<Param Name="Name" Value="WALinuxAgent" T="mt:wstr" />]]></Event></Provider></TelemetryData>',
    ...changes,
  });
}

/** What an agent has observed, in order but for the changes. */
export function healthServiceRequest(changes: RequestChanges = {}): string {
  const body = changes.body ??
    '{"Api":"reporttargethealth","Version":"1.0","Source":"WALinuxAgent","Observations":[{"ObservationName":"InstanceMetadataHeartbeat","IsHealthy":true,"Description":"","Value":""}]}';
  return formatRequest("POST", "/HealthService", {
    "Content-Type": "application/json",
    "Content-Length": String(new TextEncoder().encode(body).length),
  }, { ...changes, body });
}

/** A request to the host's plugin, in order but for the changes. */
export function hostPluginRequest(changes: RequestChanges = {}): string {
  const { body } = changes;
  return formatRequest("GET", "/vmSettings", {
    "x-ms-version": "2015-09-01",
    "x-ms-containerid": CONTAINER_ID,
    "x-ms-host-config-name": CONFIG_NAME,
    ...(body !== undefined && {
      "Content-Length": String(new TextEncoder().encode(body).length),
    }),
  }, changes);
}

/** A health report, in order but for the changes. */
export function report(changes: ReportChanges = {}): string {
  const incarnation = changes.incarnation ?? "42";
  const containerId = changes.containerId ??
    "7b324f53-983a-43bc-b919-1775d6077608";
  const instanceId = changes.instanceId ??
    "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1";
  const health = changes.health ?? "<State>Ready</State>";
  return `<Health><GoalStateIncarnation>${incarnation}</GoalStateIncarnation><Container><ContainerId>${containerId}</ContainerId><RoleInstanceList><Role><InstanceId>${instanceId}</InstanceId><Health>${health}</Health></Role></RoleInstanceList></Container></Health>`;
}

/** The health part of a report of failure. */
export function notReady(subStatus: string, description: string): string {
  return `<State>NotReady</State><Details><SubStatus>${subStatus}</SubStatus><Description>${description}</Description></Details>`;
}

/** Asks for the goal state. */
export async function getGoalState(
  platform: Platform,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  return parseAnswer(
    await exchange(platform.wireserver, goalStateRequest(changes)),
  );
}

/** Posts a health report. */
export async function postHealth(
  platform: Platform,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  return parseAnswer(
    await exchange(platform.wireserver, healthRequest(changes)),
  );
}

/** Posts a health report in JSON. */
export async function postJsonHealth(
  platform: Platform,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  return parseAnswer(
    await exchange(platform.wireserver, jsonHealthRequest(changes)),
  );
}

/** Asks for the metadata. */
export async function getMetadata(
  platform: Platform,
  changes: RequestChanges = {},
): Promise<RawAnswer> {
  return parseAnswer(await exchange(platform.imds, metadataRequest(changes)));
}

function formatRequest(
  method: string,
  target: string,
  defaults: Readonly<Record<string, string>>,
  changes: RequestChanges,
): string {
  const headers = {
    Host: "127.0.0.1",
    ...defaults,
    Connection: "close",
    ...changes.headers,
  };
  const lines = [
    `${changes.method ?? method} ${changes.target ?? target} ${
      changes.version ?? "HTTP/1.1"
    }`,
    ...Object.entries(headers)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}`),
    ...changes.lines ?? [],
  ];
  return `${lines.join("\r\n")}\r\n\r\n${changes.body ?? ""}`;
}
