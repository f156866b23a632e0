import { assert, assertEquals, assertRejects } from "@std/assert";
import { CallError } from "../../lib/http/retry.ts";
import { reportHealth } from "../../lib/wireserver/report_health.ts";
import { holdingServer, rawServer } from "../helpers/raw_server.ts";
import { testContext } from "../helpers/test_context.ts";
import { GOAL_STATE, READY } from "./_calls.ts";

for (
  const [status, accepted] of [
    ["200 OK", true],
    ["201 Created", true],
    ["204 No Content", true],
    ["299 Odd", true],
    ["300 Choices", false],
    ["304 Not Modified", false],
    ["404 Not Found", false],
    ["999 Odder", false],
  ] as const
) {
  Deno.test(`reportHealth() takes ${status} for ${accepted ? "a success" : "no success"}`, async () => {
    await using server = rawServer(
      `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`,
    );
    const reporting = reportHealth(
      { endpoint: server.endpoint, agentName: "a" },
      { health: READY, goalState: GOAL_STATE, protocol: "xml" },
      testContext(200),
    );
    if (accepted) assertEquals(await reporting, GOAL_STATE);
    else await assertRejects(() => reporting, CallError, status);
  });
}

const CHUNKED = "Transfer-Encoding: chunked";
const CHUNK = `1000\r\n${"x".repeat(4096)}\r\n`;

for (
  const [what, head, body] of [
    ["an endless body", "", { start: "", repeated: "x".repeat(4096) }],
    ["endless chunks", CHUNKED, { start: "", repeated: CHUNK }],
    ["a body over the limit", "Content-Length: 99999999", { start: "x" }],
    ["no length on a connection that is kept open", "", { start: "" }],
    ["a body that stays away", "Content-Length: 5", { start: "" }],
    ["a gzip body", "Content-Encoding: gzip\r\nContent-Length: 5", {
      start: "xxxxx",
    }],
    ["a cut body", "Content-Length: 5", "hi"],
    ["a cut chunk", CHUNKED, "5\r\nhi"],
    ["a garbled chunk", CHUNKED, "garbled\r\n"],
    ["an unknown transfer coding", "Transfer-Encoding: gzip", "x"],
    ["a garbled length", "Content-Length: many", "x"],
  ] as const
) {
  const answer = (status: string) => {
    const start = `HTTP/1.1 ${status}\r\n${head}${head && "\r\n"}\r\n`;
    return typeof body === "string"
      ? rawServer(start + body)
      : holdingServer({ ...body, start: start + body.start });
  };

  Deno.test(`reportHealth() takes a 200 with ${what} for a success, at once`, async () => {
    await using server = answer("200 OK");
    const context = testContext(10_000);
    const before = performance.now();
    assertEquals(
      await reportHealth(
        { endpoint: server.endpoint, agentName: "a" },
        { health: READY, goalState: GOAL_STATE, protocol: "xml" },
        context,
      ),
      GOAL_STATE,
    );
    assert(performance.now() - before < 2000);
    assertEquals(server.requests.length, 1);
    assertEquals(context.log.lines.at(-1), "info: Response: 200 OK");
  });

  Deno.test(`reportHealth() takes a 500 with ${what} for no success`, async () => {
    await using server = answer("500 Busy");
    await assertRejects(
      () =>
        reportHealth(
          { endpoint: server.endpoint, agentName: "a" },
          { health: READY, goalState: GOAL_STATE, protocol: "xml" },
          testContext(200),
        ),
      CallError,
    );
  });
}
