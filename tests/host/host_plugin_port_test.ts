import { assertEquals } from "@std/assert";
import { giveUpHostPlugin } from "../../lib/host/host_plugin_port.ts";

/** Whether an address may be connected to. */
function mayConnect(host: string): boolean {
  return Deno.permissions.querySync({ name: "net", host }).state === "granted";
}

Deno.test({
  name:
    "giveUpHostPlugin() gives up the port of the host's plugin, and no other address",
  permissions: {
    net: ["168.63.129.16:80", "168.63.129.16:32526", "127.0.0.1"],
  },
  fn() {
    assertEquals(mayConnect("168.63.129.16:32526"), true);
    giveUpHostPlugin();
    assertEquals(
      ["168.63.129.16:32526", "168.63.129.16:80", "127.0.0.1:8080"].map(
        mayConnect,
      ),
      [false, true, true],
    );
  },
});
