import { assert, assertEquals, assertMatch } from "@std/assert";
import { linesOf, NOT_NEEDED, UNIT } from "./_units.ts";

Deno.test("the unit starts early, within bounds, and records success only", async () => {
  const lines = await linesOf(UNIT);
  for (
    const line of [
      // Before what should find the host name set.
      "Before=ssh.service sshd.service sshd-keygen.target",
      "Type=oneshot",
      "ExecStart=/usr/local/bin/azure-provisioning",
      // Else the runtime may look through all time zones.
      "Environment=TZ=UTC",
      "Environment=NO_COLOR=1",
      "Environment=MALLOC_ARENA_MAX=1",
      "Environment=MALLOC_TRIM_THRESHOLD_=65536",
      "TimeoutStartSec=22min",
      "WantedBy=multi-user.target",
    ]
  ) assertEquals(lines.includes(line), true, line);
  // Each line sets the sandbox up anew, and the program itself waits for the network.
  assertEquals(lines.filter((line) => /^Exec(?!Start=)/.test(line)), []);
  const settings = lines.filter((line) => !line.startsWith("#"));
  assertEquals(settings.some((line) => /network-online/.test(line)), false);
});

Deno.test("off Azure the unit waits for nothing and holds up nothing: its conditions come before the network", async () => {
  const lines = await linesOf(UNIT);
  const conditions = lines.filter((line) => line.startsWith("Condition"));
  assert(conditions.length > 0);
  // One that is met is enough, but where it is known that there is nothing to do.
  for (const condition of conditions) {
    if (condition !== NOT_NEEDED) assertMatch(condition, /^\w+=\|/);
  }
  for (const line of lines) {
    if (/^(After|Wants|Requires)=/.test(line)) {
      assertEquals(line.includes("network-online"), false, line);
    }
  }
});
