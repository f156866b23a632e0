import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Endpoint } from "../../lib/http/endpoint.ts";
import { exchange } from "../../lib/http/exchange.ts";
import type { CallFailure } from "../../lib/http/failure.ts";
import type { HttpRequest, HttpResponse } from "../../lib/http/message.ts";
import { testPlatform } from "../helpers/platform.ts";
import { rawServer } from "../helpers/raw_server.ts";

const GET: HttpRequest = { method: "GET", target: "/a", headers: {} };
const GOAL_STATE: HttpRequest = {
  method: "GET",
  target: "/machine?comp=goalstate",
  headers: { "x-ms-version": "2012-11-30" },
};

async function send(
  endpoint: Endpoint,
  {
    request = GET,
    signal = new AbortController().signal,
    maxBodyBytes = 1000,
    statusIsEnough = (_status: number): boolean => false,
  } = {},
): Promise<HttpResponse | CallFailure> {
  const result = await exchange(request, {
    endpoint,
    signal,
    maxBodyBytes,
    statusIsEnough,
  });
  return result.ok ? result.value : result.failure;
}

/** A port on which nothing listens. */
function closedPort(): Endpoint {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { hostname: "127.0.0.1", port: listener.addr.port };
}

function isResponse(
  result: HttpResponse | CallFailure,
): result is HttpResponse {
  return "body" in result;
}

Deno.test("exchange() sends the request and gives the response", async () => {
  await using server = rawServer(
    "HTTP/1.1 410 Gone\r\nA: b\r\nContent-Length: 5\r\n\r\nhello",
  );
  const result = await send(server.endpoint, {
    request: { method: "POST", target: "/a", headers: {}, body: "\u00e4" },
  });
  assert(isResponse(result));
  assertEquals(result.status, 410);
  assertEquals(result.headers.get("a"), "b");
  assertEquals(new TextDecoder().decode(result.body), "hello");
  assertEquals(server.requests, [
    `POST /a HTTP/1.1\r\nHost: 127.0.0.1:${server.endpoint.port}\r\nAccept-Encoding: identity\r\nConnection: close\r\nContent-Length: 2\r\n\r\n\u00e4`,
  ]);
});

Deno.test("exchange() does not wait for the end of the connection if the response is whole", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const answered = send({ hostname: "127.0.0.1", port: listener.addr.port });
  using connection = await accepted;
  await connection.write(
    new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
  );
  assert(isResponse(await answered));
});

Deno.test("exchange() does not follow a redirect", async () => {
  await using other = rawServer("HTTP/1.1 200 OK\r\n\r\n");
  await using server = rawServer(
    `HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:${other.endpoint.port}/\r\n\r\n`,
  );
  const result = await send(server.endpoint);
  assertEquals(isResponse(result) && result.status, 307);
  assertEquals(other.requests, []);
});

Deno.test("exchange() says that a connection was refused", async () => {
  const endpoint = closedPort();
  assertEquals(await send(endpoint), {
    kind: "network",
    message: "Connection refused",
  });
});

Deno.test("exchange() says that a connection was reset", async () => {
  await using test = await testPlatform({}, ["reset@goal-state"]);
  const { wireserver } = test.platform;
  assertEquals(await send(wireserver, { request: GOAL_STATE }), {
    kind: "network",
    message: "Connection reset",
    from: "127.0.0.1",
  });
});

Deno.test("exchange() ends with its time-out when the server hangs", async () => {
  await using test = await testPlatform({}, ["hang@goal-state"]);
  const { wireserver } = test.platform;
  const before = performance.now();
  assertEquals(
    await send(wireserver, {
      request: GOAL_STATE,
      signal: AbortSignal.timeout(80),
    }),
    {
      kind: "network",
      message: "No whole answer in time",
      from: "127.0.0.1",
    },
  );
  assert(performance.now() - before < 2000);
});

Deno.test("exchange() ends with its time-out when the server drips", async () => {
  await using test = await testPlatform({}, ["slow@goal-state"]);
  const result = await send(test.platform.wireserver, {
    request: GOAL_STATE,
    signal: AbortSignal.timeout(250),
    maxBodyBytes: 100_000,
  });
  assertEquals(!isResponse(result) && result.kind, "network");
});

Deno.test("exchange() ends when it is told to stop", async () => {
  const controller = new AbortController();
  await using test = await testPlatform({
    onEvent: () => controller.abort(),
  }, ["hang@goal-state"]);
  const { wireserver } = test.platform;
  assertEquals(
    await send(wireserver, { request: GOAL_STATE, signal: controller.signal }),
    {
      kind: "network",
      message: "The request was stopped",
      from: "127.0.0.1",
    },
  );
});

Deno.test("exchange() does not connect when it was told to stop before", async () => {
  await using server = rawServer("HTTP/1.1 200 OK\r\n\r\n");
  const result = await send(server.endpoint, { signal: AbortSignal.abort() });
  assert(!isResponse(result));
  assertEquals(server.requests, []);
});

for (
  const [what, answer, kind, message] of [
    [
      "no answer",
      "",
      "network",
      "The server closed the connection without an answer",
    ],
    [
      "a cut body",
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
      "network",
      "The response ended within its sized body",
    ],
    [
      "another protocol",
      "SSH-2.0-x\r\n",
      "protocol",
      'The response is not HTTP: "SSH-2.0-x"',
    ],
    [
      "too much",
      `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1001)}`,
      "protocol",
      "The body of the response is over 1000 bytes",
    ],
    [
      "gzip",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx",
      "protocol",
      'The response has the content coding "gzip", which was not asked for',
    ],
  ] as const
) {
  Deno.test(`exchange() takes ${what} for a failure of the kind "${kind}"`, async () => {
    await using server = rawServer(answer);
    const result = await send(server.endpoint);
    assert(!isResponse(result));
    assertEquals(result.kind, kind);
    assertEquals(result.message, message);
  });
}

Deno.test("exchange() reads nothing after a status that says all, and all after any other one", async () => {
  const statusIsEnough = (status: number) => status === 200;
  const tail = "Content-Length: 9\r\n\r\nhi";
  await using server = rawServer(
    `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(100_000)}\0`,
    `HTTP/1.1 500 Busy\r\n${tail}`,
  );
  const ignored = await send(server.endpoint, { statusIsEnough });
  assert(isResponse(ignored));
  assertEquals(ignored.status, 200);
  assertEquals(ignored.body, new Uint8Array());
  const read = await send(server.endpoint, { statusIsEnough });
  assert(isResponse(read));
  assertEquals(read.status, 500);
});

for (
  const [what, tail] of [
    ["a body that is cut off", "Content-Length: 9\r\n\r\nhi"],
    ["a body that is too long", `\r\n${"x".repeat(100_000)}`],
    ["a coding that nobody asked for", "Content-Encoding: gzip\r\n\r\nhi"],
    ["headers that are none", "what is this\r\n\r\n"],
    ["nothing after it", ""],
  ] as const
) {
  Deno.test(`exchange() takes the status 503 for what it is, with ${what}`, async () => {
    await using server = rawServer(`HTTP/1.1 503 Busy\r\n${tail}`);
    const result = await send(server.endpoint);
    assert(isResponse(result));
    assertEquals(`${result.status} ${result.reason}`, "503 Busy");
  });
}

Deno.test("exchange() tells that it was heard before the answer ended too soon", async () => {
  await using server = rawServer(
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
  );
  assertEquals(await send(server.endpoint), {
    kind: "network",
    message: "The response ended within its sized body",
    heard: true,
    from: "127.0.0.1",
  });
});

Deno.test("exchange() sends nothing of a request that cannot be sent", async () => {
  await using server = rawServer("HTTP/1.1 200 OK\r\n\r\n");
  await assertRejects(
    () =>
      send(server.endpoint, {
        request: { ...GET, headers: { "x-a": "b\r\nx-c: d" } },
      }),
    TypeError,
  );
  assertEquals(server.requests, []);
});
