import { assertEquals } from "@std/assert";
import { udhcpc } from "../../../lib/dhcp/clients/udhcpc.ts";
import { planned } from "../_machine.ts";

function devices(...pidFiles: readonly string[]): (string | undefined)[] {
  const files = Object.fromEntries(pidFiles.map((it) => [`/run/${it}`, "7"]));
  return planned(udhcpc, files).map(({ device }) => device);
}

Deno.test("udhcpc is recognised by its PID file, and works on eth0 if that names no device", () => {
  assertEquals(
    devices("udhcpc.ens3.pid", "udhcpc-eth1.pid", "udhcpc.pid").sort(),
    ["ens3", "eth0", "eth1"],
  );
});

Deno.test("udhcpc for IPv6, or a file that is no PID file, is not recognised", () => {
  assertEquals(
    devices("udhcpc6.eth0.pid", "udhcpc", "udhcpcx.pid", "udhcpc-.pid"),
    [],
  );
});

Deno.test("a second udhcpc tells the server the name", () => {
  assertEquals(planned(udhcpc, { "/run/udhcpc.eth0.pid": "7" }), [{
    device: "eth0",
    lines: ["udhcpc -f -n -q -t 3 -T 1 -x hostname:vm -s /bin/true -i eth0"],
  }]);
});
