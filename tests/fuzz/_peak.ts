/**
 * A program of its own, for `memory_test.ts`: gives the inputs made by hand to
 * every part of the program, and prints by how many bytes it grew at its peak.
 *
 * @module
 */
import { statusFailure } from "../../lib/http/failure.ts";
import { responseText } from "../../lib/http/message.ts";
import { createResponseReader } from "../../lib/http/response_reader.ts";
import { parseInstance } from "../../lib/imds/instance.ts";
import { formatLine } from "../../lib/log/format_line.ts";
import { toHostName } from "../../lib/parts/hostname/host_name.ts";
import { withHostName } from "../../lib/parts/hostname/hosts_file.ts";
import { parseGoalState } from "../../lib/wireserver/goal_state.ts";
import { buildHealthReport } from "../../lib/wireserver/health_report.ts";
import { HOSTILE } from "./_hostile.ts";

const MAX_BODY_BYTES = 1024 * 1024;

const CALLS: readonly ((text: string, bytes: Uint8Array) => unknown)[] = [
  parseGoalState,
  (text) =>
    buildHealthReport(parseGoalState(text), {
      state: "NotReady",
      description: text.slice(0, 65_536),
    }),
  (text) => parseInstance(text),
  toHostName,
  (text) => withHostName(text.slice(0, 65_536), "vm-1"),
  (text) =>
    formatLine("info", text, {
      format: "json",
      journal: true,
      time: new Date(0),
    }),
  (_, bytes) => read("", bytes),
  (_, bytes) => read("HTTP/1.1 503 Busy\r\n\r\n", bytes),
  (_, bytes) =>
    read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", bytes),
];

function read(head: string, bytes: Uint8Array): void {
  const reader = createResponseReader({ maxBodyBytes: MAX_BODY_BYTES });
  reader.push(new TextEncoder().encode(head));
  for (let at = 0; at < bytes.length; at += 16_384) {
    if (reader.push(bytes.subarray(at, at + 16_384)) !== undefined) break;
  }
  const response = reader.end();
  statusFailure(response);
  responseText(response);
}

/** A first boot gets one such input, so what the last one left does not count. */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

function peakBytes(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const before = peakBytes();
for (const make of HOSTILE.values()) {
  const bytes = make();
  const text = new TextDecoder().decode(bytes);
  for (const call of CALLS) {
    try {
      call(text, bytes);
    } catch {
      // The other tests see to which errors these are.
    }
  }
  collectGarbage();
}
console.log(peakBytes() - before);
