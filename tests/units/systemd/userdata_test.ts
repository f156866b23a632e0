import { assert, assertEquals } from "@std/assert";
import { tempDir } from "../../helpers/temp_dir.ts";
import { linesOf, USER_DATA_UNIT } from "./_units.ts";

Deno.test("the user data's unit waits for the first boot, holds up no boot, and leaves the limit to its program", async () => {
  const lines = await linesOf(USER_DATA_UNIT);
  for (
    const line of [
      "After=azure-provisioning.service azure-provisioning-fallback.service multi-user.target",
      // One of them is enough.
      "ConditionPathExists=|/var/lib/azure-provisioning/customData",
      "ConditionPathExists=|/var/lib/azure-provisioning/userData",
      "ExecStart=/usr/local/lib/azure-provisioning/userdata",
      "TimeoutStartSec=infinity",
    ]
  ) assertEquals(lines.includes(line), true, line);
});

for (
  const [script, status] of [
    ["exit 0", 0],
    ["exit 3", 1],
    ["exit 4", 0],
    ["exit 127", 0],
    [undefined, 0],
  ] as const
) {
  Deno.test(
    `only a clear no skips azure-provisioning-userdata.service: ${
      script ?? "no script"
    }`,
    async () => {
      const unit = await Deno.readTextFile(USER_DATA_UNIT);
      const [, condition = ""] = /^ExecCondition=(.*)$/m.exec(unit) ?? [];
      await using dir = await tempDir();
      if (script !== undefined) {
        await Deno.writeTextFile(
          `${dir.path}/this-vm`,
          `#!/bin/sh\n${script}\n`,
          { mode: 0o755 },
        );
      }
      const command = condition
        .replace("/usr/local/lib/azure-provisioning", dir.path)
        // What systemd takes two of them for.
        .replaceAll("$$", "$");
      assert(command.includes(dir.path), command);
      const { code } = await new Deno.Command("sh", {
        args: ["-c", command],
        stderr: "null",
      }).output();
      assertEquals(code, status);
    },
  );
}
