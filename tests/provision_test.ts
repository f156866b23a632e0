import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ExitCode } from "../lib/exit_code.ts";
import { provision, type ProvisionOptions } from "../lib/provision.ts";
import { ProvisioningError } from "../lib/provisioning_error.ts";
import { formatMark } from "../lib/state/mark.ts";
import { VERSION } from "../lib/version.ts";
import { madeUpHost, type MadeUpHostOptions } from "./helpers/made_up_host.ts";
import { type TestPlatform, testPlatform } from "./helpers/platform.ts";
import { type RecordingLog, recordingLog } from "./helpers/recording_log.ts";
import { tempDir } from "./helpers/temp_dir.ts";
import { testClock } from "./helpers/test_clock.ts";

/** A VM that a test makes up, and the platform that it reports to. */
interface Vm extends AsyncDisposable {
  readonly test: TestPlatform;
  readonly host: Awaited<ReturnType<typeof madeUpHost>>;
  readonly log: RecordingLog;
  readonly stateDir: string;
  readonly options: ProvisionOptions;
}

interface VmOptions {
  readonly platform?: Parameters<typeof testPlatform>[0];
  readonly faults?: readonly string[];
  readonly host?: MadeUpHostOptions;
  /** The text of a mark that is there before. */
  readonly mark?: string;
  readonly options?: Partial<ProvisionOptions>;
}

async function madeUpVm(vm: VmOptions = {}): Promise<Vm> {
  const stack = new AsyncDisposableStack();
  const test = stack.use(
    await testPlatform({
      computerName: "vm",
      vmId: "ID-1",
      ...vm.platform,
    }, vm.faults),
  );
  const host = stack.use(
    await madeUpHost({ programs: { hostnamectl: "works" }, ...vm.host }),
  );
  const stateDir = stack.use(await tempDir()).path;
  if (vm.mark !== undefined) {
    await Deno.writeTextFile(`${stateDir}/provisioned.json`, vm.mark);
  }
  const log = recordingLog();
  return {
    test,
    host,
    log,
    stateDir,
    options: {
      wireserver: { endpoint: test.platform.wireserver, agentName: "test" },
      imds: test.platform.imds,
      timeoutMs: 4000,
      stateDir,
      force: false,
      requireHostName: false,
      host,
      clock: testClock(),
      log,
      ...vm.options,
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Such as `wireserver POST Ready`, for every request so far. */
function story({ test }: Vm): string[] {
  return test.platform.events.map(({ service, method, health, status }) =>
    `${service} ${method} ${health?.state ?? status ?? "none"}`
  );
}

async function markOf({ stateDir }: Vm): Promise<unknown> {
  try {
    return JSON.parse(
      await Deno.readTextFile(`${stateDir}/provisioned.json`),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function markText(vmId?: string): string {
  return formatMark({
    at: "2026-01-02T03:04:05.678Z",
    version: "0.0.1",
    ...(vmId === undefined ? {} : { vmId }),
  });
}

const GET_BOTH = ["imds GET 200", "wireserver GET 200"];

Deno.test("provision() names the host, reports ready last, and marks the VM", async () => {
  const before = Date.now();
  await using vm = await madeUpVm();
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(story(vm).slice(0, 2).sort(), GET_BOTH);
  assertEquals(story(vm).slice(2), ["wireserver POST Ready"]);
  assertEquals(vm.host.currentName(), "vm");
  assertEquals(await vm.host.readEtc("hostname"), "vm\n");
  const { at, ...mark } = await markOf(vm) as { at: string };
  assertEquals<unknown>(mark, { vmId: "id-1", version: VERSION });
  assertEquals(new Date(at).toISOString(), at);
  assert(Date.parse(at) >= before && Date.parse(at) <= Date.now());
  const text = vm.log.lines.join("\n");
  const order = [
    "info: Retrieving goal state from the Wireserver",
    "info: ContainerId: 7b324f53-983a-43bc-b919-1775d6077608",
    "info: InstanceId: fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
    "info: Incarnation: 42",
    'info: Host name set to "vm" by hostnamectl',
    "info: Sending the following data to Wireserver:",
    "info: Response: 200 OK",
    "info: Provisioned: ",
  ].map((line) => text.indexOf(line));
  assertEquals(order, [...order].sort((a, b) => a - b));
  assert(order[0]! >= 0, text);
});

Deno.test("provision() asks for the goal state and the metadata at the same time", async () => {
  const asked = new Set<string>();
  const controller = new AbortController();
  await using vm = await madeUpVm({
    // Neither is answered, so that neither can wait for the other.
    faults: ["hang@goal-state", "hang@metadata"],
    platform: {
      onEvent: ({ service }) => {
        asked.add(service);
        if (asked.size === 2) controller.abort(new Error("both were asked"));
      },
    },
    options: { signal: controller.signal },
  });
  await assertRejects(
    () => provision(vm.options),
    Error,
    "both were asked",
  );
});

Deno.test("provision() sets the name before it reports ready", async () => {
  let nameAtReport: string | undefined;
  await using vm = await madeUpVm({
    platform: {
      onEvent: ({ health }) => {
        if (health !== undefined) nameAtReport = vm.host.currentName();
      },
    },
  });
  await provision(vm.options);
  assertEquals(nameAtReport, "vm");
});

Deno.test("provision() marks the VM after the platform's answer, and not before", async () => {
  const marks: boolean[] = [];
  await using vm = await madeUpVm({
    faults: ["503@health=1"],
    platform: {
      onEvent: ({ method }) => {
        if (method !== "POST") return;
        marks.push([...Deno.readDirSync(vm.stateDir)].length > 0);
      },
    },
  });
  await provision(vm.options);
  assertEquals(marks, [false, false]);
  assert(await markOf(vm) !== undefined);
});

for (
  const fault of ["500@health", "400@health", "302@health", "reset@health"]
) {
  Deno.test(`provision() marks nothing where the fault ${fault} stays`, async () => {
    await using vm = await madeUpVm({ faults: [fault] });
    await assertRejects(() => provision(vm.options), ProvisioningError);
    assertEquals(await markOf(vm), undefined);
  });
}

Deno.test("provision() reports the incarnation that the platform has now", async () => {
  await using vm = await madeUpVm({ faults: ["moving-incarnation=1"] });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(story(vm).slice(2), [
    "wireserver POST 410",
    "wireserver GET 200",
    "wireserver POST Ready",
  ]);
});

Deno.test("provision() does nothing at the next boot of the same VM", async () => {
  await using vm = await madeUpVm({ mark: markText("id-1") });
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(story(vm), ["imds GET 200"]);
  assertEquals(vm.host.runs, []);
  assertEquals(
    JSON.stringify(await markOf(vm), null, 2) + "\n",
    markText("id-1"),
  );
  assertEquals(vm.log.lines.slice(-1), [
    "info: This VM was provisioned at 2026-01-02T03:04:05.678Z: nothing to do (--force provisions again)",
  ]);
});

Deno.test("provision() does nothing at the next boot if the metadata stay away", async () => {
  await using vm = await madeUpVm({
    mark: markText("id-1"),
    faults: ["404@metadata"],
  });
  assertEquals(await provision(vm.options), "nothing to do");
  assert(story(vm).every((it) => it === "imds GET 404"));
});

for (
  const [what, mark, options, line] of [
    [
      "a VM that was made from another one's image",
      markText("id-0"),
      {},
      'info: The mark is of the VM "id-0", this is "ID-1": provisioning',
    ],
    [
      "a VM whose mark has no id",
      markText(),
      {},
      "info: The mark does not say of which VM it is: provisioning again",
    ],
    [
      "a VM once more if it is told so",
      markText("id-1"),
      { force: true },
      "info: This VM was provisioned at 2026-01-02T03:04:05.678Z, and is again, as asked",
    ],
    [
      "a VM whose mark is garbled",
      "garbled",
      {},
      / is no mark of this program; provisioning as if there were none$/,
    ],
  ] as const
) {
  Deno.test(`provision() provisions ${what}`, async () => {
    await using vm = await madeUpVm({ mark, options });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    const { vmId } = await markOf(vm) as { vmId: string };
    assertEquals(vmId, "id-1");
    assert(
      vm.log.lines.some((it) =>
        typeof line === "string" ? it === line : line.test(it)
      ),
      vm.log.lines.join("\n"),
    );
  });
}

Deno.test("provision() asks for the goal state at once if the mark has no id, as no metadata could tell whose it is", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({
    mark: markText(),
    faults: ["hang@goal-state", "hang@metadata"],
    platform: {
      onEvent: ({ service }) => {
        if (service === "wireserver") controller.abort(new Error("it asked"));
      },
    },
    // The metadata get a quarter of it.
    options: { signal: controller.signal, timeoutMs: 8000 },
  });
  const before = performance.now();
  await assertRejects(() => provision(vm.options), Error, "it asked");
  assert(performance.now() - before < 1000, "it waited for the metadata");
});

Deno.test("provision() marks a VM without an id if the metadata hold none", async () => {
  await using vm = await madeUpVm({ platform: { vmId: "" } });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(Object.keys(await markOf(vm) as object), ["at", "version"]);
});

Deno.test("provision() reports ready without a name where the metadata stay away, after a quarter of its time", async () => {
  await using vm = await madeUpVm({ faults: ["404@metadata"] });
  const clock = testClock();
  assertEquals(await provision({ ...vm.options, clock }), "provisioned");
  assertEquals(story(vm).at(-1), "wireserver POST Ready");
  assertEquals(vm.host.runs, []);
  assert(clock.time > 0 && clock.time <= 1000, String(clock.time));
  assertEquals(Object.keys(await markOf(vm) as object), ["at", "version"]);
  assert(
    vm.log.lines.some((line) =>
      line.startsWith("warn: Cannot get the instance metadata: ") &&
      line.endsWith("; the VM keeps the name that it has")
    ),
  );
});

Deno.test("provision() waits for metadata that come late", async () => {
  await using vm = await madeUpVm({ faults: ["410@metadata=2"] });
  assertEquals(
    await provision({ ...vm.options, timeoutMs: 1_200_000 }),
    "provisioned",
  );
  assertEquals(vm.host.currentName(), "vm");
});

Deno.test("provision() takes the name of an old platform", async () => {
  await using vm = await madeUpVm({
    faults: ["old-metadata"],
    platform: { vmName: "old_vm" },
  });
  await provision(vm.options);
  assertEquals(vm.host.currentName(), "old-vm");
});

for (
  const [what, options, problem] of [
    [
      "cannot be set",
      { host: { programs: { hostname: "fails" } } },
      'Cannot set the host name "vm": hostname: broken',
    ],
    [
      "cannot be one",
      { platform: { computerName: "a b" } },
      'The name "a b" from the instance metadata cannot be a host name',
    ],
    [
      "is not there",
      { platform: { computerName: "", vmName: "" } },
      "The instance metadata hold neither a computerName nor a name",
    ],
  ] as readonly [string, VmOptions, string][]
) {
  Deno.test(`provision() reports ready with a warning if the name ${what}`, async () => {
    await using vm = await madeUpVm(options);
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    assert(
      vm.log.lines.some((line) => line.startsWith(`warn: ${problem}`)),
      vm.log.lines.join("\n"),
    );
  });

  Deno.test(`provision() reports NotReady if the name ${what} and is required`, async () => {
    await using vm = await madeUpVm({
      ...options,
      options: { requireHostName: true },
    });
    const error = await assertRejects(
      () => provision(vm.options),
      ProvisioningError,
      problem,
    );
    assertEquals(story(vm).at(-1), "wireserver POST NotReady");
    const { ready, notReady } = vm.test.platform.verdict();
    assert(!ready);
    assertEquals(notReady?.subStatus, "ProvisioningFailed");
    assertEquals(
      notReady?.description,
      `${error.key}: ${error.message}`.slice(0, 512),
    );
    assertEquals(await markOf(vm), undefined);
  });
}

Deno.test("provision() reports NotReady if metadata stay away and a name is required", async () => {
  await using vm = await madeUpVm({
    faults: ["500@metadata"],
    options: { requireHostName: true },
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "metadata_unavailable");
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
  assertStringIncludes(
    vm.test.platform.verdict().notReady!.description,
    "metadata_unavailable: Cannot get the instance metadata: ",
  );
});

Deno.test("provision() ends with the failure itself if that cannot be reported", async () => {
  await using vm = await madeUpVm({
    host: { programs: { hostname: "fails" } },
    faults: ["400@health"],
    options: { requireHostName: true },
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "host_name_not_set");
  assertMatch(vm.log.lines.at(-1)!, /^error: Cannot report NotReady to /);
});

Deno.test("provision() does not touch the host if there is no goal state", async () => {
  await using vm = await madeUpVm({ faults: ["500@goal-state"] });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "goal_state_unavailable");
  assertEquals(vm.host.runs, []);
  assertEquals(await markOf(vm), undefined);
});

Deno.test("provision() says if the mark cannot be written, after the VM is ready", async () => {
  await using vm = await madeUpVm();
  await Deno.writeTextFile(`${vm.stateDir}/file`, "");
  const error = await assertRejects(
    () => provision({ ...vm.options, stateDir: `${vm.stateDir}/file` }),
    ProvisioningError,
    "Cannot write the mark",
  );
  assertEquals(error.exitCode, ExitCode.cannotCreate);
  assert(vm.test.platform.verdict().ready);
});

Deno.test("provision() reports nothing after it was told to stop", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({
    options: { signal: controller.signal, requireHostName: true },
  });
  const host = {
    ...vm.host,
    run: () => {
      controller.abort(new Error("stopped"));
      return Promise.resolve({ kind: "failed", reason: "killed" } as const);
    },
  };
  await assertRejects(
    () => provision({ ...vm.options, host }),
    Error,
    "stopped",
  );
  assertEquals(story(vm).sort(), GET_BOTH);
  assertEquals(await markOf(vm), undefined);
});
