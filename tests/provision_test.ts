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
import { formatMark, type Mark, type VmIdentity } from "../lib/state/mark.ts";
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

function readMarkText({ stateDir }: Vm): Promise<string> {
  return Deno.readTextFile(`${stateDir}/provisioned.json`);
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

function markText(ids: VmIdentity = {}): string {
  return formatMark(
    { at: "2026-01-02T03:04:05.678Z", version: "0.0.1", ...ids } as Mark,
  );
}

/** The role instance of the simulated platform. */
const INSTANCE_ID = "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1";
const THIS_VM = { vmId: "id-1", instanceId: INSTANCE_ID };
const NOTHING_TO_DO =
  "info: This VM was provisioned at 2026-01-02T03:04:05.678Z: nothing to do (--force provisions again)";

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
  assertEquals<unknown>(mark, { ...THIS_VM, version: VERSION });
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
  const names: string[][] = [];
  await using vm = await madeUpVm({
    faults: ["503@health=1"],
    platform: {
      onEvent: ({ method }) => {
        if (method !== "POST") return;
        names.push([...Deno.readDirSync(vm.stateDir)].map(({ name }) => name));
      },
    },
  });
  await provision(vm.options);
  assertEquals(names, [["lock"], ["lock"]]);
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

for (
  const [what, ids] of [
    ["both ids", THIS_VM],
    ["the VM's id alone", { vmId: "id-1" }],
    ["another role instance", { vmId: "id-1", instanceId: "other._1" }],
  ] as const
) {
  Deno.test(`provision() does nothing at the next boot of the same VM, whose mark has ${what}`, async () => {
    await using vm = await madeUpVm({ mark: markText(ids) });
    assertEquals(await provision(vm.options), "nothing to do");
    assertEquals(story(vm), ["imds GET 200"]);
    assertEquals(vm.host.runs, []);
    assertEquals(await readMarkText(vm), markText(ids));
    assertEquals(vm.log.lines.slice(-1), [NOTHING_TO_DO]);
  });
}

const METADATA_AWAY = { faults: ["404@metadata"] };
const METADATA_WITHOUT_ID = { platform: { vmId: "" } };

for (
  const [what, ids, options] of [
    ["if the metadata stay away", THIS_VM, METADATA_AWAY],
    [
      "if the metadata stay away, in capitals",
      { vmId: "id-0", instanceId: INSTANCE_ID.toUpperCase() },
      METADATA_AWAY,
    ],
    ["if the metadata hold no id", THIS_VM, METADATA_WITHOUT_ID],
    ["if its mark has no id", { instanceId: INSTANCE_ID }, {}],
    [
      "if its mark has no id and the metadata stay away",
      { instanceId: INSTANCE_ID },
      METADATA_AWAY,
    ],
  ] as readonly [string, VmIdentity, VmOptions][]
) {
  Deno.test(`provision() does nothing at the next boot of the same role instance ${what}`, async () => {
    await using vm = await madeUpVm({ ...options, mark: markText(ids) });
    assertEquals(await provision(vm.options), "nothing to do");
    const requests = story(vm);
    assertEquals(requests.filter((it) => it.startsWith("wireserver ")), [
      "wireserver GET 200",
    ]);
    assertEquals(vm.host.runs, []);
    assertEquals(await readMarkText(vm), markText(ids));
    assertEquals(vm.log.lines.slice(-1), [NOTHING_TO_DO]);
  });
}

for (
  const [what, ids, options, sayIt] of [
    [
      "that was made from an image with a mark, if the metadata stay away",
      { vmId: "id-0", instanceId: "image._1" },
      METADATA_AWAY,
      true,
    ],
    [
      "whose mark has another role instance, if the metadata hold no id",
      { vmId: "id-1", instanceId: "image._1" },
      METADATA_WITHOUT_ID,
      true,
    ],
    [
      "whose mark has no id and another role instance",
      { instanceId: "image._1" },
      {},
      true,
    ],
    [
      "whose mark has no role instance, if the metadata stay away",
      { vmId: "id-1" },
      METADATA_AWAY,
      false,
    ],
    [
      "whose mark has neither id, if the metadata stay away",
      {},
      METADATA_AWAY,
      false,
    ],
  ] as readonly [string, VmIdentity, VmOptions, boolean][]
) {
  Deno.test(`provision() provisions a VM ${what}`, async () => {
    await using vm = await madeUpVm({ ...options, mark: markText(ids) });
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    assert(vm.test.platform.verdict().ready);
    const { instanceId, version } = await markOf(vm) as Mark;
    assertEquals({ instanceId, version }, {
      instanceId: INSTANCE_ID,
      version: VERSION,
    });
    assertEquals(
      vm.log.lines.some((line) =>
        /^info: The mark is of the VM ".*", this is ".*": provisioning$/.test(
          line,
        )
      ),
      sayIt,
    );
  });
}

Deno.test("provision() fails where neither the metadata nor the goal state can tell whose the mark is", async () => {
  await using vm = await madeUpVm({
    mark: markText(THIS_VM),
    faults: ["refuse@metadata", "refuse@goal-state"],
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "goal_state_unavailable");
  assertEquals(error.exitCode, ExitCode.unreachable);
  assertEquals(vm.host.runs, []);
  assertEquals(await readMarkText(vm), markText(THIS_VM));
});

Deno.test("provision() is done once by two runs at once", async () => {
  await using vm = await madeUpVm();
  const outcomes = await Promise.all([
    provision(vm.options),
    provision(vm.options),
  ]);
  assertEquals(outcomes.sort(), ["nothing to do", "provisioned"]);
  assertEquals(
    story(vm).filter((it) => it.startsWith("wireserver ")),
    ["wireserver GET 200", "wireserver POST Ready"],
  );
});

Deno.test("provision() gives its turn back when it fails", async () => {
  await using vm = await madeUpVm({ faults: ["400@goal-state=1"] });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(await provision(vm.options), "provisioned");
});

for (
  const [what, mark, options, line] of [
    [
      "a VM that was made from another one's image",
      markText({ vmId: "id-0", instanceId: INSTANCE_ID }),
      {},
      'info: The mark is of the VM "id-0", this is "ID-1": provisioning',
    ],
    [
      "a VM whose mark has no id",
      markText(),
      {},
      undefined,
    ],
    [
      "a VM once more if it is told so",
      markText(THIS_VM),
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
    const { vmId, instanceId } = await markOf(vm) as Mark;
    assertEquals({ vmId, instanceId }, THIS_VM);
    assert(
      line === undefined ||
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
  assertEquals(Object.keys(await markOf(vm) as object), [
    "instanceId",
    "at",
    "version",
  ]);
});

Deno.test("provision() reports ready without a name where the metadata stay away, after a quarter of its time", async () => {
  await using vm = await madeUpVm({ faults: ["404@metadata"] });
  const clock = testClock();
  assertEquals(await provision({ ...vm.options, clock }), "provisioned");
  assertEquals(story(vm).at(-1), "wireserver POST Ready");
  assertEquals(vm.host.runs, []);
  assert(clock.time > 0 && clock.time <= 1000, String(clock.time));
  assertEquals(Object.keys(await markOf(vm) as object), [
    "instanceId",
    "at",
    "version",
  ]);
  assert(
    vm.log.lines.some((line) =>
      line.startsWith(
        `warn: Cannot get the instance metadata from 127.0.0.1:${vm.test.platform.imds.port}: `,
      ) &&
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

const KEEPS = "; the VM keeps the name that it has";

for (
  const [what, options, problem, end] of [
    [
      "cannot be set",
      { host: { programs: { hostname: "fails" } } },
      'The host name "vm" takes effect at the next boot only: hostname: broken; run as root',
      "",
    ],
    [
      "cannot be one",
      { platform: { computerName: "a b" } },
      'The name "a b" from the instance metadata cannot be a host name',
      KEEPS,
    ],
    [
      "is not there",
      { platform: { computerName: "", vmName: "" } },
      "The instance metadata hold neither a computerName nor a name",
      KEEPS,
    ],
  ] as readonly [string, VmOptions, string, string][]
) {
  Deno.test(`provision() reports ready with a warning if the name ${what}`, async () => {
    await using vm = await madeUpVm(options);
    assertEquals(await provision(vm.options), "provisioned");
    assertEquals(story(vm).at(-1), "wireserver POST Ready");
    const warning = vm.log.lines.find((line) =>
      line.startsWith(`warn: ${problem}`)
    );
    assert(warning !== undefined, vm.log.lines.join("\n"));
    if (end === "") assertEquals(warning, `warn: ${problem}`);
    else assert(warning.endsWith(end), warning);
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
    `metadata_unavailable: Cannot get the instance metadata from 127.0.0.1:${vm.test.platform.imds.port}: `,
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

for (
  const [program, requireHostName, state] of [
    ["works", false, "Ready"],
    ["fails", true, "NotReady"],
  ] as const
) {
  Deno.test(`provision() tries ${state} for five seconds although the time is used up by then`, async () => {
    await using vm = await madeUpVm({
      faults: ["503@health=1"],
      options: { requireHostName },
    });
    const clock = testClock();
    const host = {
      ...vm.host,
      run: (...args: Parameters<typeof vm.host.run>) => {
        clock.time = 20_000;
        return program === "fails"
          ? Promise.resolve({ kind: "failed", reason: "broken" } as const)
          : vm.host.run(...args);
      },
    };
    const outcome = provision({ ...vm.options, host, clock });
    if (state === "Ready") assertEquals(await outcome, "provisioned");
    else await assertRejects(() => outcome, ProvisioningError, "broken");
    assertEquals(story(vm).slice(2), [
      "wireserver POST 503",
      `wireserver POST ${state}`,
    ]);
    assert(clock.time > 20_000 && clock.time < 25_000);
  });

  Deno.test(`provision() gives up on ${state} after five seconds if the time is used up by then`, async () => {
    await using vm = await madeUpVm({
      faults: ["503@health"],
      options: { requireHostName },
    });
    const clock = testClock();
    const host = {
      ...vm.host,
      run: (...args: Parameters<typeof vm.host.run>) => {
        clock.time = 20_000;
        return program === "fails"
          ? Promise.resolve({ kind: "failed", reason: "broken" } as const)
          : vm.host.run(...args);
      },
    };
    await assertRejects(
      () => provision({ ...vm.options, host, clock }),
      ProvisioningError,
    );
    assert(clock.time > 20_000 && clock.time <= 25_000);
    assert(!vm.test.platform.verdict().ready);
  });
}
