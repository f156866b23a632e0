import { assertEquals, assertStringIncludes } from "@std/assert";
import { testPlatform } from "../helpers/platform.ts";
import { runProgram } from "../helpers/program.ts";
import { rawServer } from "../helpers/raw_server.ts";

Deno.test("the program goes past every proxy that its environment names", async () => {
  await using test = await testPlatform();
  await using proxy = rawServer(
    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
  );
  const url = `http://127.0.0.1:${proxy.endpoint.port}`;
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
  const env = Object.fromEntries(
    [...names, ...names.map((name) => name.toLowerCase())]
      .map((name) => [name, url]),
  );
  const [health, hostName] = await Promise.all([
    runProgram([...test.args, "health", "ready"], { env }),
    runProgram([...test.args, "hostname", "--dry-run"], { env }),
  ]);
  assertEquals(health.code, 0, health.stderr);
  assertEquals(hostName.code, 0, hostName.stderr);
  assertStringIncludes(health.stderr, "Response: 200 OK");
  assertEquals(test.platform.events.length, 3);
  assertEquals(proxy.requests, []);
});
