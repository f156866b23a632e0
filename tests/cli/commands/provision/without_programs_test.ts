import { assertEquals } from "@std/assert";
import { run } from "../../../../lib/cli/commands/provision.ts";
import { DEFAULT_OPTIONS } from "../../../../lib/cli/options.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { testClock } from "../../../helpers/test_clock.ts";
import { testPlatform } from "../../../helpers/platform.ts";

Deno.test({
  name:
    "provision gives up the programs of the parts that are left out, and keeps the others'",
  permissions: {
    net: true,
    read: true,
    write: true,
    sys: ["hostname"],
    run: ["/usr/bin/systemctl", "/bin/systemd-run", "/usr/sbin/useradd"],
  },
  async fn() {
    await using dir = await tempDir();
    await using test = await testPlatform();
    const { wireserver, imds } = test.platform;
    const code = await run({
      positionals: [],
      options: {
        ...DEFAULT_OPTIONS,
        wireserver,
        imds,
        stateDir: `${dir.path}/state`,
        withoutParts: ["hostname", "dns"],
      },
      log: recordingLog(),
      clock: testClock(),
      signal: new AbortController().signal,
    });
    assertEquals(code, 0);
    const mayRun = (command: string) =>
      Deno.permissions.querySync({ name: "run", command }).state === "granted";
    assertEquals(
      ["/usr/bin/systemctl", "/bin/systemd-run", "/usr/sbin/useradd"]
        .map(mayRun),
      [false, false, true],
    );
  },
});
