import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Platform } from "../../lib/simulator/mod.ts";
import {
  exchange,
  getGoalState,
  goalStateRequest,
  healthRequest,
  metadataRequest,
  parseAnswer,
  readToEnd,
  report,
  withPlatform,
  writeAll,
} from "./raw_http.ts";

interface Refused {
  readonly what: string;
  readonly request: string;
  readonly status: number;
  readonly refusal: string;
  readonly service?: "imds";
}

const REFUSED: readonly Refused[] = [
  {
    what: "HTTP/1.0",
    request: goalStateRequest({ version: "HTTP/1.0" }),
    status: 505,
    refusal: 'Version "HTTP/1.0" is not "HTTP/1.1"',
  },
  {
    what: "a request line with too many blanks",
    request: goalStateRequest({ method: "GET " }),
    status: 400,
    refusal:
      'Request line "GET  /machine?comp=goalstate HTTP/1.1" is malformed',
  },
  {
    what: "a request without Host",
    request: goalStateRequest({ headers: { Host: undefined } }),
    status: 400,
    refusal: 'Header "Host" occurs "0" times, not once',
  },
  {
    what: "a request with two Hosts",
    request: goalStateRequest({ lines: ["Host: 127.0.0.1"] }),
    status: 400,
    refusal: 'Header "Host" occurs "2" times, not once',
  },
  {
    what: "a target in absolute form, as a proxy gets it",
    request: goalStateRequest({
      target: "http://127.0.0.1/machine?comp=goalstate",
    }),
    status: 400,
    refusal:
      'Target "http://127.0.0.1/machine?comp=goalstate" is not in origin form, as if sent to a proxy',
  },
  {
    what: "a head of more than 16 KiB that has come whole",
    request: goalStateRequest({ headers: { "X-Long": "x".repeat(16 * 1024) } }),
    status: 431,
    refusal: 'Head is longer than "16384" bytes',
  },
  {
    what: "a head of more than 16 KiB that does not end",
    request: `GET /machine?comp=goalstate HTTP/1.1\r\nX-Long: ${
      "x".repeat(16 * 1024)
    }`,
    status: 431,
    refusal: 'Head is longer than "16384" bytes',
  },
  {
    what: "a transfer encoding",
    request: goalStateRequest({ headers: { "Transfer-Encoding": "chunked" } }),
    status: 400,
    refusal: 'Header "Transfer-Encoding" is not supported, it is "chunked"',
  },
  {
    what: "a POST without Content-Length",
    request: healthRequest({ headers: { "Content-Length": undefined } }),
    status: 411,
    refusal: 'Header "Content-Length" is missing',
  },
  {
    what: "a Content-Length that is no number",
    request: healthRequest({ headers: { "Content-Length": "+5" } }),
    status: 400,
    refusal: 'Header "Content-Length" is "+5", not one number',
  },
  {
    what: "two Content-Lengths",
    request: healthRequest({ body: "12345", lines: ["content-length: 5"] }),
    status: 400,
    refusal: 'Header "Content-Length" is "5, 5", not one number',
  },
  {
    what: "a body that is longer than Content-Length",
    request: healthRequest({
      body: "12345",
      headers: { "Content-Length": "3" },
    }),
    status: 400,
    refusal: 'Body is followed by "2" more bytes, "Content-Length" is "3"',
  },
  {
    what: "a body that is longer than any may be",
    request: healthRequest({ body: "x".repeat(65537) }),
    status: 413,
    refusal: 'Body of "65537" bytes is longer than "65536"',
  },
  {
    what: "a header line without a colon",
    request: goalStateRequest({ lines: ["Nonsense"] }),
    status: 400,
    refusal: 'Header line "Nonsense" is malformed',
  },
  {
    what: "a blank before the colon",
    request: goalStateRequest({ lines: ["Name : value"] }),
    status: 400,
    refusal: 'Header line "Name : value" is malformed',
  },
  {
    what: "a control character in a header",
    request: goalStateRequest({ lines: ["Name: \x1B[31m"] }),
    status: 400,
    refusal: 'Header line "Name: \\u001b[31m" is malformed',
  },
  {
    what: "lines that end in a line feed alone",
    request: "GET /machine?comp=goalstate HTTP/1.1\nHost: 127.0.0.1\n\n",
    status: 400,
    refusal:
      'Line "GET /machine?comp=goalstate HTTP/1.1" of the head does not end in CR LF',
  },
  {
    what: "Via on WireServer",
    request: goalStateRequest({ headers: { Via: "1.1 proxy" } }),
    status: 400,
    refusal: 'Header "via" shows that a proxy is in between',
  },
  {
    what: "Proxy-Connection on WireServer",
    request: goalStateRequest({ headers: { "Proxy-Connection": "close" } }),
    status: 400,
    refusal: 'Header "proxy-connection" shows that a proxy is in between',
  },
  {
    what: "Via on IMDS",
    request: metadataRequest({ headers: { Via: "1.1 proxy" } }),
    status: 400,
    refusal: 'Header "via" shows that a proxy is in between',
    service: "imds",
  },
  {
    what: "Proxy-Connection on IMDS",
    request: metadataRequest({ headers: { "Proxy-Connection": "close" } }),
    status: 400,
    refusal: 'Header "proxy-connection" shows that a proxy is in between',
    service: "imds",
  },
];

for (
  const { what, request, status, refusal, service = "wireserver" } of REFUSED
) {
  Deno.test(`startPlatform() refuses ${what}`, async () => {
    await withPlatform({}, async (platform) => {
      const answer = parseAnswer(await exchange(platform[service], request));
      assertEquals(answer.status, status);
      assertEquals(answer.headers["connection"], "close");
      assertOneRefusal(platform, status, refusal);
    });
  });
}

Deno.test("startPlatform() refuses a body that is shorter than Content-Length", async () => {
  await withPlatform({}, async (platform) => {
    const request = healthRequest({
      body: "12345",
      headers: { "Content-Length": "9" },
    });
    const answer = parseAnswer(await sendAndHalfClose(platform, request));
    assertEquals(answer.status, 400);
    assertOneRefusal(
      platform,
      400,
      'Body has "5" bytes, "Content-Length" is "9"',
    );
  });
});

Deno.test("startPlatform() refuses a head that stops short", async () => {
  await withPlatform({}, async (platform) => {
    const answer = parseAnswer(await sendAndHalfClose(platform, "GET / HT"));
    assertEquals(answer.status, 400);
    assertOneRefusal(
      platform,
      400,
      'Connection ends inside the head, after "8" bytes',
    );
  });
});

Deno.test("startPlatform() lets a client finish sending a body that it refuses unread", async () => {
  await withPlatform({}, async (platform) => {
    const request = healthRequest({ body: "x".repeat(4 * 1024 * 1024) });
    const answer = parseAnswer(await exchange(platform.wireserver, request));
    assertEquals(answer.status, 413);
  });
});

Deno.test("startPlatform() records nothing for a connection without a request", async () => {
  await withPlatform({}, async (platform) => {
    assertEquals(await sendAndHalfClose(platform, ""), "");
    assertEquals(platform.events, []);
  });
});

Deno.test("startPlatform() keeps a connection for more requests until the client asks to close it", async () => {
  await withPlatform({}, async (platform) => {
    using connection = await Deno.connect(platform.wireserver);
    await writeAll(
      connection,
      goalStateRequest({ headers: { Connection: undefined } }),
    );
    const first = await readAnswer(connection);
    assertEquals(first.status, 200);
    assertEquals(first.headers["connection"], undefined);
    await writeAll(
      connection,
      healthRequest({ headers: { Connection: "keep-alive, Close" } }),
    );
    const second = parseAnswer(await readToEnd(connection));
    assertEquals(second.status, 200);
    assertEquals(second.headers["connection"], "close");
  });
});

Deno.test("startPlatform() keeps a connection after it has refused a request that is sound HTTP", async () => {
  await withPlatform({}, async (platform) => {
    using connection = await Deno.connect(platform.wireserver);
    await writeAll(
      connection,
      healthRequest({ body: "bad", headers: { Connection: undefined } }),
    );
    assertEquals((await readAnswer(connection)).status, 400);
    await writeAll(connection, healthRequest());
    assertEquals(parseAnswer(await readToEnd(connection)).status, 200);
  });
});

Deno.test("startPlatform() reads a request that comes byte by byte", async () => {
  await withPlatform({}, async (platform) => {
    using connection = await Deno.connect(platform.wireserver);
    for (const character of healthRequest()) {
      await writeAll(connection, character);
    }
    assertEquals(parseAnswer(await readToEnd(connection)).status, 200);
    assertEquals(platform.events[0]?.body, report());
  });
});

Deno.test("startPlatform() answers HEAD without a body", async () => {
  await withPlatform({}, async (platform) => {
    const answer = await getGoalState(platform, { method: "HEAD" });
    assertEquals([answer.status, answer.body], [405, ""]);
  });
});

Deno.test("startPlatform() answers with the date, the server and the length", async () => {
  await withPlatform({}, async (platform) => {
    const { headers, body } = await getGoalState(platform);
    assertStringIncludes(headers["date"] ?? "", " GMT");
    assertEquals(headers["server"], "Microsoft-IIS/10.0");
    assertEquals(
      headers["content-length"],
      String(new TextEncoder().encode(body).length),
    );
  });
});

function assertOneRefusal(
  platform: Platform,
  status: number,
  refusal: string,
): void {
  assertEquals(
    platform.events.map((event) => [event.status, event.refusal]),
    [[status, refusal]],
  );
}

async function sendAndHalfClose(
  platform: Platform,
  text: string,
): Promise<string> {
  using connection = await Deno.connect(platform.wireserver);
  await writeAll(connection, text);
  await connection.closeWrite();
  return await readToEnd(connection);
}

async function readAnswer(
  connection: Deno.Conn,
): Promise<ReturnType<typeof parseAnswer>> {
  const buffer = new Uint8Array(1);
  const bytes: number[] = [];
  for (;;) {
    const text = new TextDecoder().decode(new Uint8Array(bytes));
    const answer = parseAnswer(text);
    const length = Number(answer.headers["content-length"]);
    if (text.includes("\r\n\r\n")) {
      const head = text.indexOf("\r\n\r\n") + 4;
      if (bytes.length >= head + length) return answer;
    }
    if (await connection.read(buffer) === null) {
      throw new Error("Connection is closed");
    }
    bytes.push(buffer[0] ?? 0);
  }
}
