import { assertEquals } from "@std/assert";
import { DENO_FLAGS, finish } from "../helpers/program.ts";

const EXCHANGE = new URL("../../lib/http/exchange.ts", import.meta.url).href;

/** Opens all the files that it may, and then asks its own server. */
const WITHOUT_FILES = `
  const { exchange } = await import("${EXCHANGE}");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const files = [];
  try { while (true) files.push(Deno.openSync("/dev/null")); } catch {}
  const result = await exchange({ method: "GET", target: "/", headers: {} }, {
    endpoint: { hostname: "127.0.0.1", port: listener.addr.port },
    signal: AbortSignal.timeout(10_000),
    maxBodyBytes: 1000,
  });
  for (const file of files) file.close();
  console.log(JSON.stringify(result));
  Deno.exit();
`;

/** Takes all the ports that it may connect from, and then one more. */
const WITHOUT_PORTS = `
  const { exchange } = await import("${EXCHANGE}");
  const endpoint = { hostname: "127.0.0.1", port: 9 };
  const listener = Deno.listen(endpoint);
  const used = [await Deno.connect(endpoint), await Deno.connect(endpoint)];
  const result = await exchange({ method: "GET", target: "/", headers: {} }, {
    endpoint,
    signal: AbortSignal.timeout(10_000),
    maxBodyBytes: 1000,
  });
  console.log(JSON.stringify(result));
  Deno.exit();
`;

async function evaluate(code: string, prelude: string): Promise<unknown> {
  const { stdout, stderr } = await finish(
    new Deno.Command("sh", {
      args: ["-euc", `${prelude}; exec "$0" "$@"`].concat(
        Deno.execPath(),
        ["eval", ...DENO_FLAGS, "--ext=js", code],
      ),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(stdout + stderr);
  }
}

Deno.test("exchange() tells a machine without open files from a network that is down", async () => {
  assertEquals(await evaluate(WITHOUT_FILES, "ulimit -n 64"), {
    ok: false,
    failure: { kind: "local", message: "Too many open files (os error 24)" },
  });
});

Deno.test({
  name:
    "exchange() tells a machine without free ports from a network that is down",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    assertEquals(
      await evaluate(
        WITHOUT_PORTS,
        `exec unshare --net sh -euc '
          ip link set lo up
          echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range
          exec "$0" "$@"' "$0" "$@"`,
      ),
      {
        ok: false,
        failure: {
          kind: "local",
          message: "Cannot assign requested address (os error 99)",
        },
      },
    );
  },
});
