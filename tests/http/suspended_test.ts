import { assertEquals } from "@std/assert";
import { exchange } from "../../lib/http/exchange.ts";
import { timeLimit } from "../../lib/time_limit.ts";
import { finish, startProgram } from "../helpers/program.ts";

const GOAL_STATE = `<GoalState>
  <Incarnation>1</Incarnation>
  <Container>
    <ContainerId>c</ContainerId>
    <RoleInstanceList>
      <RoleInstance><InstanceId>i</InstanceId></RoleInstance>
    </RoleInstanceList>
  </Container>
  <!--${"x".repeat(300_000)}-->
</GoalState>`;

const ANSWER = new TextEncoder().encode(
  `HTTP/1.1 200 OK\r\nContent-Length: ${GOAL_STATE.length}\r\n\r\n${GOAL_STATE}`,
);

/** The timer may be first, or the answer, so that one try shows nothing. */
const TRIES = 6;

Deno.test("a program that was stopped beyond its time-out takes the answer that came meanwhile", async () => {
  for (let tries = 0; tries < TRIES; tries++) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const process = startProgram([
      "goal-state",
      "--json",
      "--timeout",
      "1",
      "--wireserver",
      `127.0.0.1:${listener.addr.port}`,
      "--imds",
      "127.0.0.1:1",
    ]);
    const ended = finish(process);
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    process.kill("SIGSTOP");
    const answered = writeAll(connection);
    await sleep(1200);
    process.kill("SIGCONT");
    const { code, stdout, stderr } = await ended;
    await answered;
    assertEquals([code, stdout], [
      0,
      '{"incarnation":"1","containerId":"c","instanceId":"i"}\n',
    ], stderr);
  }
});

Deno.test("exchange() does not go on with an answer that drips when its time is up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    try {
      await connection.write(
        new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"),
      );
      while (true) {
        await connection.write(new Uint8Array(1));
        await sleep(1);
      }
    } catch {
      // The client has gone.
    }
  })();
  const start = performance.now();
  using limit = timeLimit(100);
  const result = await exchange({ method: "GET", target: "/", headers: {} }, {
    endpoint: { hostname: "127.0.0.1", port: listener.addr.port },
    signal: limit.signal,
    maxBodyBytes: 1024 * 1024,
  });
  assertEquals(result, {
    ok: false,
    failure: {
      kind: "network",
      message: "No whole answer in time",
      heard: true,
      from: "127.0.0.1",
    },
  });
  assertEquals(performance.now() - start < 5000, true);
  await serving;
});

async function writeAll(connection: Deno.Conn): Promise<void> {
  for (let sent = 0; sent < ANSWER.length;) {
    sent += await connection.write(ANSWER.subarray(sent));
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
