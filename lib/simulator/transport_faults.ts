import type { FaultKind, NamedFault } from "./fault_kind.ts";
import { join, type Outgoing, type Step, type Steps, whole } from "./steps.ts";
import { type Target, TARGETS, WITH_BODY } from "./targets.ts";

const BLOCK = new TextEncoder().encode(" ".repeat(16 * 1024));
const BLANK = new TextEncoder().encode(" ");
const DRIP_MS = 200;
const SURPLUS = 1000;
const HEADER_COUNT = 2048;
const HEADER_VALUE = "x".repeat(1024);
const GARBAGE_LENGTH = 4096;

/** The faults of an answer's transport: length, coding, head, pace. */
export const TRANSPORT_FAULTS: readonly NamedFault[] = [
  {
    name: "endless",
    summary: "the body, then blanks without end",
    ...spoilt(TARGETS, endless),
  },
  {
    name: "endless-chunks",
    summary: "the same, in chunks",
    ...spoilt(TARGETS, endlessChunks),
  },
  {
    name: "drip",
    summary: "the body, then blanks, one byte every 200 ms",
    ...spoilt(TARGETS, drip),
  },
  {
    name: "bad-chunks",
    summary: "a chunk whose size is not a number",
    ...spoilt(TARGETS, badChunks),
  },
  {
    name: "gzip",
    summary: "a compressed body, which nobody asked for",
    ...spoilt(TARGETS, gzip),
  },
  {
    name: "long-length",
    summary: "a Content-Length above the body's length",
    ...spoilt(TARGETS, longLength),
  },
  {
    name: "short-length",
    summary: "a Content-Length below the body's length",
    ...spoilt(WITH_BODY, shortLength),
  },
  {
    name: "two-lengths",
    summary: "two Content-Length headers that differ",
    ...spoilt(TARGETS, twoLengths),
  },
  {
    name: "huge-headers",
    summary: "2 MB of headers before the body",
    ...spoilt(TARGETS, hugeHeaders),
  },
  {
    name: "garbage",
    summary: "4 KB of bytes that are not HTTP",
    ...spoilt(TARGETS, garbage),
    statusless: true,
  },
  {
    name: "informational",
    summary: "three answers of 1xx before the true one",
    targets: TARGETS,
    delivery: informational,
  },
];

function spoilt(
  targets: readonly Target[],
  delivery: (answer: Outgoing) => Steps,
): FaultKind {
  return { targets, delivery, closes: true };
}

/** Without a length: the true body, then blanks as fast as they are read. */
function* endless({ head, body }: Outgoing): Iterable<Step> {
  yield join(head([]), body);
  for (;;) yield BLOCK;
}

/** Chunks: the true body, then blanks as fast as they are read. */
function* endlessChunks({ head, body }: Outgoing): Iterable<Step> {
  yield join(head(["Transfer-Encoding: chunked"]), chunk(body));
  const block = chunk(BLOCK);
  for (;;) yield block;
}

/** Without a length: the true body, then blanks, one byte at a time. */
function* drip({ head, body }: Outgoing): Iterable<Step> {
  yield head([]);
  for (let at = 0;; at++) {
    yield DRIP_MS;
    yield at < body.length ? body.subarray(at, at + 1) : BLANK;
  }
}

/** Chunks, the second with a size that is not a number. */
function* badChunks({ head, body }: Outgoing): Iterable<Step> {
  const middle = Math.floor(body.length / 2);
  yield join(
    head(["Transfer-Encoding: chunked"]),
    chunk(body.subarray(0, middle)),
    text("size\r\n"),
    body.subarray(middle),
    text("\r\n0\r\n\r\n"),
  );
}

/** The true body, compressed. */
async function* gzip({ head, body }: Outgoing): AsyncIterable<Step> {
  const packed = await new Response(
    new Blob([body]).stream().pipeThrough(new CompressionStream("gzip")),
  ).bytes();
  yield join(
    head(["Content-Encoding: gzip", `Content-Length: ${packed.length}`]),
    packed,
  );
}

/** The whole body under a length that is too long. */
function* longLength({ head, body }: Outgoing): Iterable<Step> {
  yield join(head([`Content-Length: ${body.length + SURPLUS}`]), body);
}

/** The whole body under a length that is too short. */
function* shortLength({ head, body }: Outgoing): Iterable<Step> {
  yield join(head([`Content-Length: ${Math.floor(body.length / 2)}`]), body);
}

/** The whole body under its length and another. */
function* twoLengths({ head, body }: Outgoing): Iterable<Step> {
  yield join(
    head([
      `Content-Length: ${body.length}`,
      `Content-Length: ${body.length + 1}`,
    ]),
    body,
  );
}

/** The true answer after two megabytes of headers. */
function* hugeHeaders({ head, body }: Outgoing): Iterable<Step> {
  const padding = Array.from(
    { length: HEADER_COUNT },
    (_, index) => `X-Padding-${index}: ${HEADER_VALUE}`,
  );
  yield join(head([...padding, `Content-Length: ${body.length}`]), body);
}

/** Pseudorandom bytes, the same each time. */
function* garbage(): Iterable<Step> {
  let seed = 0x9E3779B9;
  yield Uint8Array.from({ length: GARBAGE_LENGTH }, () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed & 0xFF;
  });
}

/** The true answer after three interim ones. */
function* informational(answer: Outgoing): Iterable<Step> {
  yield text("HTTP/1.1 100 Continue\r\n\r\n");
  for (let time = 0; time < 2; time++) {
    yield text(
      "HTTP/1.1 103 Early Hints\r\nLink: </hint>; rel=preload\r\n\r\n",
    );
  }
  yield* whole(answer);
}

/** A chunk. An empty one is left out: it would end the body. */
function chunk(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return new Uint8Array();
  return join(text(`${bytes.length.toString(16)}\r\n`), bytes, text("\r\n"));
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}
