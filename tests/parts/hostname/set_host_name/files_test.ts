import { assert, assertEquals, assertRejects } from "@std/assert";
import { setHostName } from "../../../../lib/parts/hostname/set_host_name.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../../lib/provisioning_error.ts";
import { madeUpHost } from "../../../helpers/made_up_host.ts";
import { makePipe } from "../../../helpers/make_pipe.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { HOSTNAME, HOSTNAMECTL, LINE, warningsIn } from "./_set_host_name.ts";

Deno.test("setHostName() leaves files alone that hold the name already", async () => {
  await using host = await madeUpHost({
    programs: { hostnamectl: "works" },
    etc: { hostname: "vm", hosts: "10.0.0.4 vm\n" },
  });
  const inode = async (name: string) =>
    (await Deno.stat(`${host.etcDir}/${name}`)).ino;
  const before = [await inode("hostname"), await inode("hosts")];
  await setHostName("vm", host, { log: recordingLog() });
  assertEquals([await inode("hostname"), await inode("hosts")], before);
});

Deno.test("setHostName() leaves nothing in /etc but the two files", async () => {
  await using host = await madeUpHost({ programs: { hostname: "works" } });
  await setHostName("vm", host, { log: recordingLog() });
  const entries = await Array.fromAsync(Deno.readDir(host.etcDir));
  assertEquals(entries.map(({ name }) => name).sort(), ["hostname", "hosts"]);
});

Deno.test("setHostName() syncs /etc once, when both files have their names", async () => {
  await using host = await madeUpHost({ programs: { hostname: "works" } });
  using syncs = watchSyncs(host.etcDir);
  await setHostName("vm", host, { log: recordingLog() });
  await setHostName("vm", host, { log: recordingLog() });
  assertEquals(syncs.seen, [["hostname", "hosts"]]);
});

/** Notes what is in a folder each time that it is synced. */
function watchSyncs(folder: string): Disposable & { seen: string[][] } {
  const seen: string[][] = [];
  const { openSync } = Deno;
  Deno.openSync = (path, options) => {
    const file = openSync(path, options);
    if (path !== folder) return file;
    const { syncSync } = file;
    file.syncSync = () => {
      seen.push([...Deno.readDirSync(folder)].map(({ name }) => name).sort());
      syncSync.call(file);
    };
    return file;
  };
  return { seen, [Symbol.dispose]: () => void (Deno.openSync = openSync) };
}

for (
  const [what, make] of [
    ["a folder", (path: string) => Deno.mkdir(path)],
    ["a pipe that nobody writes", makePipe],
  ] as const
) {
  Deno.test(`setHostName() leaves ${what} at /etc/hosts alone with a warning`, async () => {
    await using host = await madeUpHost({ programs: { hostnamectl: "works" } });
    const path = `${host.etcDir}/hosts`;
    await make(path);
    const { ino } = await Deno.lstat(path);
    const log = recordingLog();
    await setHostName("vm", host, { log });
    assertEquals(
      warningsIn(log),
      [
        `warn: Cannot add the host name to "${path}": it is not a file; it may not resolve on this machine`,
      ],
    );
    assertEquals((await Deno.lstat(path)).ino, ino);
    assertEquals(await host.readEtc("hostname"), "vm\n");
  });

  Deno.test(`setHostName() says that ${what} at /etc/hostname is not a file`, async () => {
    await using host = await madeUpHost({ programs: { hostnamectl: "works" } });
    const path = `${host.etcDir}/hostname`;
    await make(path);
    const error = await assertRejects(
      () => setHostName("vm", host, { log: recordingLog() }),
      ProvisioningError,
      `The host name "vm" holds until the next boot only: cannot write "${path}": it is not a file; `,
    );
    assertEquals(error.exitCode, ExitCode.cannotCreate);
  });
}

Deno.test("setHostName() replaces links that lead nowhere", async () => {
  await using host = await madeUpHost({ programs: { hostnamectl: "works" } });
  for (const name of ["hostname", "hosts"]) {
    await Deno.symlink(
      `${host.etcDir}/nowhere/at/all`,
      `${host.etcDir}/${name}`,
    );
  }
  const log = recordingLog();
  await setHostName("vm", host, { log });
  for (const name of ["hostname", "hosts"]) {
    assert((await Deno.lstat(`${host.etcDir}/${name}`)).isFile, name);
  }
  assertEquals(await host.readEtc("hostname"), "vm\n");
  assertEquals(await host.readEtc("hosts"), `127.0.0.1\tlocalhost\n${LINE}`);
  assertEquals(log.lines, ['info: Host name set to "vm" by hostnamectl']);
});

Deno.test("setHostName() labels only the files that it replaced", async () => {
  await using host = await madeUpHost({
    programs: { hostname: "works", restorecon: "fails" },
    etc: { hostname: "vm\n" },
  });
  const log = recordingLog();
  await setHostName("vm", host, { log });
  assertEquals(host.runs.at(-1), `restorecon ${host.etcDir}/hosts`);
  assertEquals(warningsIn(log), [
    `warn: Cannot label "${host.etcDir}/hosts" for SELinux: restorecon: broken`,
  ]);
  const { length } = host.runs;
  await setHostName("vm", host, { log });
  assertEquals(host.runs.slice(length), [HOSTNAMECTL, HOSTNAME]);
});
