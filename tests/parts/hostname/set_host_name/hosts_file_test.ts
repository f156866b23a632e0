import { assert, assertEquals } from "@std/assert";
import { setHostName } from "../../../../lib/parts/hostname/set_host_name.ts";
import { madeUpHost } from "../../../helpers/made_up_host.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { LINE, warningsIn } from "./_set_host_name.ts";

Deno.test("setHostName() keeps the lines of /etc/hosts", async () => {
  const hosts =
    "127.0.0.1 localhost\n\n# the image's own\n127.0.1.1\timage\n10.0.0.9\tdb # \u00e4\n";
  await using host = await madeUpHost({
    programs: { hostnamectl: "works" },
    etc: { hosts, hostname: "image\n" },
  });
  await setHostName("vm", host, { log: recordingLog() });
  assertEquals(await host.readEtc("hosts"), hosts + LINE);
  assertEquals(await host.readEtc("hostname"), "vm\n");
});

Deno.test("setHostName() keeps the mode of /etc/hosts", async () => {
  await using host = await madeUpHost({
    programs: { hostname: "works" },
    etc: { hosts: "127.0.0.1\tlocalhost\n" },
  });
  await Deno.chmod(`${host.etcDir}/hosts`, 0o640);
  await setHostName("vm", host, { log: recordingLog() });
  const { mode } = await Deno.stat(`${host.etcDir}/hosts`);
  assertEquals(mode! & 0o7777, 0o640);
});

Deno.test("setHostName() keeps the bytes of /etc/hosts that are no UTF-8", async () => {
  const encoder = new TextEncoder();
  const hosts = new Uint8Array([
    ...encoder.encode("127.0.0.1 localhost # caf"),
    0xe9,
    0x0a,
  ]);
  await using host = await madeUpHost({
    programs: { hostnamectl: "works" },
    etc: { hosts },
  });
  await setHostName("vm", host, { log: recordingLog() });
  assertEquals(
    await Deno.readFile(`${host.etcDir}/hosts`),
    new Uint8Array([...hosts, ...encoder.encode(LINE)]),
  );
});

Deno.test("setHostName() changes an /etc/hosts of 1 MiB, and leaves a larger one alone with a warning", async () => {
  for (const extra of [0, 1]) {
    const hosts = "#".repeat(1024 * 1024 - 1 + extra) + "\n";
    await using host = await madeUpHost({
      programs: { hostnamectl: "works" },
      etc: { hosts },
    });
    const log = recordingLog();
    await setHostName("vm", host, { log });
    const after = await host.readEtc("hosts");
    assert(after === (extra === 0 ? hosts + LINE : hosts));
    assertEquals(
      warningsIn(log),
      extra === 0 ? [] : [
        `warn: Cannot add the host name to "${host.etcDir}/hosts": it is over 1048576 bytes; it may not resolve on this machine`,
      ],
    );
    assertEquals(await host.readEtc("hostname"), "vm\n");
  }
});
