import { assert, assertEquals, assertRejects } from "@std/assert";
import { setHostName } from "../../../../lib/parts/hostname/set_host_name.ts";
import { madeUpHost } from "../../../helpers/made_up_host.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import {
  HOSTNAME,
  HOSTNAMECTL,
  labels,
  LINE,
  warningsIn,
} from "./_set_host_name.ts";

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
    assertEquals(warningsIn(log), []);
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
