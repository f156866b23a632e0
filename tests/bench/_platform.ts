/**
 * A platform that is as fast as possible, so that the VM's side is measured. It answers
 * the requests of a first boot, and counts the reports.
 *
 * It listens at the platform's real addresses, so it only starts in a network namespace
 * that has them. {@linkcode CONTROL} is the URL to control it.
 *
 * @module
 */
import type { PlatformState } from "../../lib/simulator/api.ts";
import { goalStateXml } from "../../lib/simulator/goal_state.ts";
import { instanceMetadata } from "../../lib/simulator/metadata.ts";
import { DEFAULT_CARDS } from "../../lib/simulator/network_cards.ts";

/** The name that the platform gives the VM. */
export const COMPUTER_NAME = "bench-vm";

/** Where a {@linkcode startPlatform} is told how slow to be, and asked what it has seen. */
export const CONTROL = "http://168.63.129.16:8080";

interface Answer {
  readonly status: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const answers = prepareAnswers();
let delayMs = 0;
let reports = 0;

/** Listens, and never ends. */
export async function startPlatform(): Promise<void> {
  Deno.serve({ hostname: "168.63.129.16", port: 8080, onListen: () => {} }, (
    request,
  ) => {
    const { searchParams } = new URL(request.url);
    const delay = searchParams.get("delay");
    if (delay !== null) delayMs = Number(delay);
    return Response.json({ reports });
  });
  const listeners = ["168.63.129.16", "169.254.169.254"].map((hostname) =>
    Deno.listen({ hostname, port: 80 })
  );
  console.log("listening");
  await Promise.all(listeners.map(accept));
}

async function accept(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) {
    serve(connection).catch(() => {
      // The client closed the connection.
    });
  }
}

async function serve(connection: Deno.Conn): Promise<void> {
  using _ = connection;
  const buffer = new Uint8Array(65536);
  for (let text = "";;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    text += decoder.decode(buffer.subarray(0, count));
    const head = text.indexOf("\r\n\r\n");
    if (head === -1) continue;
    const length = /^content-length: (\d+)\r$/im.exec(text)?.[1] ?? "0";
    if (text.length < head + 4 + Number(length)) continue;
    const [line = ""] = text.split("\r\n", 1);
    if (delayMs > 0) await new Promise((wake) => setTimeout(wake, delayMs));
    await connection.write(answerTo(line, text));
    // The article's programs keep the connection; closing it is what the server does.
    return;
  }
}

function answerTo(line: string, request: string): Uint8Array<ArrayBuffer> {
  if (
    line.startsWith("POST /machine?comp=health ") &&
    request.includes("<State>Ready</State>")
  ) reports++;
  const path = line.split(" ")[1]!.replace(/api-version=[0-9-]*/, "");
  const { status, body } = answers.get(path) ?? {
    status: "404 Not Found",
    body: new Uint8Array(0),
  };
  const head = encoder.encode(
    `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function prepareAnswers(): ReadonlyMap<string, Answer> {
  const state: PlatformState = {
    incarnation: 42,
    containerId: "7b324f53-983a-43bc-b919-1775d6077608",
    instanceId: "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._bench1",
    computerName: COMPUTER_NAME,
    vmName: COMPUTER_NAME,
    vmId: "66666666-ffff-4fff-8fff-666666666666",
    adminUsername: "",
    publicKeys: [],
    disablePasswordAuthentication: true,
    hasCustomData: false,
    userData: "",
    cards: DEFAULT_CARDS,
    tags: {},
    ppsType: "None",
    fields: {},
    compute: {},
    osProfile: {},
  };
  const ok = (text: string): Answer => ({
    status: "200 OK",
    body: encoder.encode(text),
  });
  return new Map([
    ["/machine?comp=goalstate", ok(goalStateXml(state))],
    ["/machine?comp=health", ok("")],
    [
      "/metadata/instance?&extended=true",
      ok(JSON.stringify(instanceMetadata(state, "2021-08-01", true))),
    ],
    ["/metadata/instance/compute/name?&format=text", ok(COMPUTER_NAME)],
  ]);
}

if (import.meta.main) await startPlatform();
