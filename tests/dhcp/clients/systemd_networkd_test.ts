import { assertEquals } from "@std/assert";
import { systemdNetworkd } from "../../../lib/dhcp/clients/systemd_networkd.ts";
import { textOf } from "../_leases.ts";
import { machineWith, planned, wireServerIn } from "../_machine.ts";

const LEASE = { "/run/systemd/netif/leases/2": "" };
const UNIT = "systemd/system/systemd-networkd.service";
const KEEPS = "[Service]\nRestartKillSignal=SIGUSR2\nRestartSec=0\n";
const RESTARTED = [{
  device: undefined,
  lines: ["systemctl --no-ask-password restart systemd-networkd.service"],
}];
const LEFT_ALONE = [{ device: undefined, lines: [] }];

Deno.test("systemd-networkd is recognised by a lease, and restarted", () => {
  assertEquals(planned(systemdNetworkd, { [`/lib/${UNIT}`]: KEEPS }), []);
  assertEquals(
    planned(systemdNetworkd, { ...LEASE, [`/lib/${UNIT}`]: KEEPS }),
    RESTARTED,
  );
});

Deno.test("a systemd-networkd whose restart would drop the address is left alone", () => {
  for (const unit of ["", "[Service]\n# RestartKillSignal=SIGUSR2\n"]) {
    const files = { ...LEASE, [`/usr/lib/${UNIT}`]: unit };
    assertEquals(planned(systemdNetworkd, files), LEFT_ALONE);
  }
  assertEquals(planned(systemdNetworkd, LEASE), LEFT_ALONE);
  const [running] = systemdNetworkd.findRunning(machineWith(LEASE));
  const plan = running!.planNotify("vm", "/state");
  assertEquals(plan.kind, "impossible");
});

Deno.test("the unit of systemd-networkd in /etc counts, then the one in /usr/lib", () => {
  const files = {
    ...LEASE,
    [`/lib/${UNIT}`]: KEEPS,
    [`/usr/lib/${UNIT}`]: "[Service]\n",
  };
  assertEquals(planned(systemdNetworkd, files), LEFT_ALONE);
  assertEquals(
    planned(systemdNetworkd, { ...files, [`/etc/${UNIT}`]: KEEPS }),
    RESTARTED,
  );
});

Deno.test("WireServer's address is read from a lease of systemd-networkd", async () => {
  const lease = await textOf("networkd");
  const read = (text: string) => wireServerIn(systemdNetworkd, text);
  assertEquals(read(lease), "10.1.2.3");
  assertEquals(read("ADDRESS=x\nOPTION_245=a83f8110\n"), "168.63.129.16");
  assertEquals(read(lease.replace(/^.*245.*$/m, "")), undefined);
  assertEquals(read(""), undefined);
  for (const value of ["", "a83f81", "a83f811000", "g83f8110"]) {
    assertEquals(read(`OPTION_245=${value}\n`), undefined, value);
  }
});
