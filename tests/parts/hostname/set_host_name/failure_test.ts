import { assert, assertEquals, assertRejects } from "@std/assert";
import { setHostName } from "../../../../lib/parts/hostname/set_host_name.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../../lib/provisioning_error.ts";
import { succeed } from "../../../helpers/command.ts";
import { madeUpHost } from "../../../helpers/made_up_host.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { LINE, warningsIn } from "./_set_host_name.ts";

for (
  const [what, programs, reason] of [
    [
      "both programs fail",
      { hostnamectl: "fails", hostname: "fails" },
      "hostnamectl: broken; hostname: broken",
    ],
    [
      "the one that is installed fails",
      { hostname: "fails" },
      "hostname: broken",
    ],
    [
      "they say that they worked, and the name is still the old one",
      { hostnamectl: "lies", hostname: "lies" },
      'hostnamectl left the host name at "image"; hostname left the host name at "image"',
    ],
  ] as const
) {
  Deno.test(`setHostName() fails where ${what}, but the files hold the name`, async () => {
    await using host = await madeUpHost({ programs });
    const error = await assertRejects(
      () => setHostName("vm", host, { log: recordingLog() }),
      ProvisioningError,
    );
    assertEquals(
      error.message,
      `The host name "vm" takes effect at the next boot only: ${reason}; check that the program works for root`,
    );
    assertEquals(error.key, "host_name_not_set");
    assertEquals(error.exitCode, ExitCode.notPermitted);
    assertEquals(await host.readEtc("hostname"), "vm\n");
    assertEquals(
      (await host.readEtc("hosts")).endsWith(`\n${LINE}`),
      true,
    );
  });
}

Deno.test("setHostName() fails if the name cannot be kept for the next boot, but sets it for now", async () => {
  await using host = await madeUpHost({
    programs: { hostnamectl: "works" },
    etcIsFile: true,
  });
  const log = recordingLog();
  const error = await assertRejects(
    () => setHostName("vm", host, { log }),
    ProvisioningError,
    `The host name "vm" holds until the next boot only: cannot write "${host.etcDir}/hostname": `,
  );
  assert(error.message.endsWith("; check that /etc is writable"));
  assertEquals(error.key, "host_name_not_set");
  assertEquals(error.exitCode, ExitCode.cannotCreate);
  assertEquals(host.currentName(), "vm");
  assert(
    log.lines.some((line) =>
      line.startsWith(
        `warn: Cannot add the host name to "${host.etcDir}/hosts": `,
      )
    ),
  );
});

Deno.test("setHostName() names both problems if it can do neither", async () => {
  await using host = await madeUpHost({
    programs: { hostname: "fails" },
    etcIsFile: true,
  });
  const error = await assertRejects(
    () => setHostName("vm", host, { log: recordingLog() }),
    ProvisioningError,
    `Cannot set the host name "vm": hostname: broken; cannot write "${host.etcDir}/hostname": `,
  );
  assert(
    error.message.endsWith(
      "; run as root, and check that /etc is writable",
    ),
  );
  assertEquals(error.key, "host_name_not_set");
  assertEquals(error.exitCode, ExitCode.notPermitted);
});

Deno.test("setHostName() does not call a name set that nothing could set or keep", async () => {
  await using host = await madeUpHost({ etcIsFile: true });
  const error = await assertRejects(
    () => setHostName("vm", host, { log: recordingLog() }),
    ProvisioningError,
    'Cannot set the host name "vm": neither hostnamectl nor hostname is installed; cannot write ',
  );
  assertEquals(error.exitCode, ExitCode.notPermitted);
});

Deno.test({
  name: "setHostName() says once that /etc is read-only",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using host = await madeUpHost({ programs: { hostname: "works" } });
    await succeed("mount", ["-t", "tmpfs", "-o", "ro", "none", host.etcDir]);
    try {
      const log = recordingLog();
      const error = await assertRejects(
        () => setHostName("vm", host, { log }),
        ProvisioningError,
        `The host name "vm" holds until the next boot only: cannot write "${host.etcDir}/hostname": Read-only file system`,
      );
      assertEquals(error.exitCode, ExitCode.cannotCreate);
      assertEquals(host.currentName(), "vm");
      assertEquals(warningsIn(log), []);
    } finally {
      await succeed("umount", [host.etcDir]);
    }
  },
});
