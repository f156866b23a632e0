import { assertEquals, assertStringIncludes } from "@std/assert";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";

/** Asks WireServer's address on a port for something. */
function ask(port: number, path: string): string {
  return `bash -c '
    exec 3<>/dev/tcp/168.63.129.16/${port}
    printf "GET ${path} HTTP/1.1\\r\\nHost: 168.63.129.16\\r\\nConnection: close\\r\\n\\r\\n" >&3
    cat <&3'`;
}

Deno.test({
  name:
    "the simulated platform at the real addresses has the host's plugin on port 32526",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using vm = await createVm({ root: "machine" });
    const platform = await vm.startPlatform(["--json"]);
    const versions = await vm.run(ask(32526, "/versions"));
    const other = await vm.run(ask(80, "/versions"));
    const { stdout } = await platform.stop();
    assertStringIncludes(versions.stdout, '\r\n\r\n["2015-09-01"]');
    assertStringIncludes(other.stdout, "HTTP/1.1 404 ");
    const [addresses] = stdout.split("\n");
    assertEquals(JSON.parse(addresses!).hostPlugin, "168.63.129.16:32526");
  },
});

Deno.test({
  name: "no command but the simulator may use the port of the host's plugin",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using vm = await createVm({ root: "machine" });
    await using stack = new AsyncDisposableStack();
    const platform = await vm.startPlatform([]);
    stack.defer(async () => void await platform.stop());
    const { code, stderr } = await vm.run(
      `"$0" goal-state --wireserver 168.63.129.16:32526 --timeout 2`,
    );
    assertEquals(code, 77, stderr);
    assertStringIncludes(
      stderr,
      "The program was compiled without the permission to connect there",
    );
  },
});
