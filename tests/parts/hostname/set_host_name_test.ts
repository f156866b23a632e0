import { assert, assertEquals, assertRejects } from "@std/assert";
import { setHostName } from "../../../lib/parts/hostname/set_host_name.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../lib/provisioning_error.ts";
import { succeed } from "../../helpers/command.ts";
import { madeUpHost } from "../../helpers/made_up_host.ts";
import { makePipe } from "../../helpers/make_pipe.ts";
import { recordingLog } from "../../helpers/recording_log.ts";

const HOSTNAMECTL = "hostnamectl --no-ask-password set-hostname vm";
const HOSTNAME = "hostname vm";
/** What labels the two files, where that is installed. */
const labels = ({ etcDir }: { readonly etcDir: string }) =>
  `restorecon ${etcDir}/hostname ${etcDir}/hosts`;
const LINE = "127.0.1.1\tvm\t# Added by azure-provisioning\n";

Deno.test("setHostName() uses hostnamectl alone where it works", async () => {
  await using host = await madeUpHost({
    programs: { hostnamectl: "works", hostname: "works" },
  });
  const log = recordingLog();
  await setHostName("vm", host, { log });
  assertEquals(host.runs, [HOSTNAMECTL, labels(host)]);
  assertEquals(host.currentName(), "vm");
  assertEquals(await host.readEtc("hostname"), "vm\n");
  assertEquals(log.lines, ['info: Host name set to "vm" by hostnamectl']);
});

for (
  const [why, programs, runs] of [
    [
      "fails",
      { hostnamectl: "fails", hostname: "works" },
      [HOSTNAMECTL, HOSTNAME],
    ],
    [
      "changes nothing",
      { hostnamectl: "lies", hostname: "works" },
      [HOSTNAMECTL, HOSTNAME],
    ],
    ["is not installed", { hostname: "works" }, [HOSTNAMECTL, HOSTNAME]],
  ] as const
) {
  Deno.test(`setHostName() uses hostname where hostnamectl ${why}`, async () => {
    await using host = await madeUpHost({ programs });
    const log = recordingLog();
    await setHostName("vm", host, { log });
    assertEquals(host.runs, [...runs, labels(host)]);
    assertEquals(host.currentName(), "vm");
    assertEquals(await host.readEtc("hostname"), "vm\n");
    assert(log.lines.includes('info: Host name set to "vm" by hostname'));
    assertEquals(log.lines.filter((line) => line.startsWith("warn")), []);
  });
}

Deno.test("setHostName() says that the name takes effect at the next boot where there is no program for it", async () => {
  await using host = await madeUpHost();
  const log = recordingLog();
  await setHostName("vm", host, { log });
  assertEquals(host.currentName(), "image");
  assertEquals(await host.readEtc("hostname"), "vm\n");
  assertEquals(await host.readEtc("hosts"), `127.0.0.1\tlocalhost\n${LINE}`);
  assertEquals(log.lines, [
    'warn: Neither hostnamectl nor hostname is installed: the host name "vm" takes effect at the next boot',
  ]);
});

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

Deno.test("setHostName() gives the programs its signal", async () => {
  await using host = await madeUpHost({ programs: { hostname: "works" } });
  const { signal } = new AbortController();
  await setHostName("vm", host, { log: recordingLog(), signal });
  assertEquals(host.signals, [signal, signal, signal]);
});

Deno.test("setHostName() stops between two programs, and before it writes a file", async () => {
  for (const program of ["hostnamectl", "hostname"]) {
    const controller = new AbortController();
    await using host = await madeUpHost({
      programs: { hostnamectl: "fails", hostname: "works" },
    });
    const stopping = {
      ...host,
      run(...args: Parameters<typeof host.run>) {
        if (args[0] === program) controller.abort(new Error("stopped"));
        return host.run(...args);
      },
    };
    await assertRejects(
      () =>
        setHostName("vm", stopping, {
          log: recordingLog(),
          signal: controller.signal,
        }),
      Error,
      "stopped",
    );
    assertEquals(
      host.runs,
      program === "hostname" ? [HOSTNAMECTL, HOSTNAME] : [HOSTNAMECTL],
    );
    assertEquals(await Array.fromAsync(Deno.readDir(host.etcDir)), []);
  }
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
      log.lines.filter((line) => line.startsWith("warn: ")),
      extra === 0 ? [] : [
        `warn: Cannot add the host name to "${host.etcDir}/hosts": it is over 1048576 bytes; it may not resolve on this machine`,
      ],
    );
    assertEquals(await host.readEtc("hostname"), "vm\n");
  }
});

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
      log.lines.filter((line) => line.startsWith("warn: ")),
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
  assertEquals(log.lines.filter((line) => line.startsWith("warn")), [
    `warn: Cannot label "${host.etcDir}/hosts" for SELinux: restorecon: broken`,
  ]);
  const { length } = host.runs;
  await setHostName("vm", host, { log });
  assertEquals(host.runs.slice(length), [HOSTNAMECTL, HOSTNAME]);
});

Deno.test("setHostName() believes the kernel, not a program that fails after it has set the name", async () => {
  await using host = await madeUpHost({ programs: { hostname: "works" } });
  const late = {
    ...host,
    async run(...args: Parameters<typeof host.run>) {
      if (args[0] !== "hostnamectl") return await host.run(...args);
      await host.run("hostname", args[1]);
      return { kind: "failed", reason: "Read-only file system" } as const;
    },
  };
  const log = recordingLog();
  await setHostName("vm", late, { log });
  assertEquals(log.lines, [
    "debug: Cannot set the host name with Read-only file system",
    'info: Host name set to "vm" by hostnamectl',
  ]);
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
      assertEquals(log.lines.filter((line) => line.startsWith("warn")), []);
    } finally {
      await succeed("umount", [host.etcDir]);
    }
  },
});
