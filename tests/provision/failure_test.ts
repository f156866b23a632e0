import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { markOf, markText } from "./_marks.ts";
import { GET_BOTH, madeUpVm, NAME_REQUIRED, story } from "./_vm.ts";

Deno.test("provision() reports NotReady if metadata stay away and a name is required", async () => {
  await using vm = await madeUpVm({
    faults: ["500@metadata"],
    options: NAME_REQUIRED,
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

Deno.test("provision() tells the platform of others' words on one line, and of what nobody sees", async () => {
  await using vm = await madeUpVm({
    platform: { computerName: "a\u009b31m\u202e\n::b::" },
    options: NAME_REQUIRED,
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertStringIncludes(
    vm.test.platform.verdict().notReady!.description,
    'host_name_invalid: The name "a\\u009b31m\\u202e\\n::b::" from the instance metadata',
  );
});

Deno.test("provision() ends with the failure itself if that cannot be reported", async () => {
  await using vm = await madeUpVm({
    host: { programs: { hostname: "fails" } },
    faults: ["400@health", "400@health-json"],
    options: NAME_REQUIRED,
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "host_name_not_set");
  assertMatch(vm.log.lines.at(-1)!, /^warn: Cannot report NotReady to /);
});

Deno.test("provision() reports in JSON why there is no goal state, as that needs none", async () => {
  for (
    const [fault, key] of [
      ["garbage@goal-state", "goal_state_unavailable"],
      ["html@goal-state", "goal_state_invalid"],
      ["no-role-instance", "goal_state_no_role_instance"],
      ["truncated@goal-state", "goal_state_unavailable"],
    ] as const
  ) {
    await using vm = await madeUpVm({ faults: [fault] });
    const error = await assertRejects(
      () => provision(vm.options),
      ProvisioningError,
    );
    assertEquals(error.key, key);
    assertEquals(story(vm).at(-1), "wireserver POST NotReady", fault);
    assertStringIncludes(
      vm.test.platform.verdict().notReady!.description,
      `${key}: Cannot get the goal state from 127.0.0.1:`,
    );
    assertEquals(vm.test.platform.verdict().ready, false);
    assertEquals(await markOf(vm), undefined);
  }
});

Deno.test("provision() reports no failure where nothing answered, nor without a goal state if XML is the only way", async () => {
  for (
    const [fault, healthProtocol] of [
      ["hang@goal-state", "auto"],
      ["400@goal-state", "xml"],
    ] as const
  ) {
    await using vm = await madeUpVm({
      faults: [fault],
      options: { healthProtocol, timeoutMs: 300 },
    });
    await assertRejects(() => provision(vm.options), ProvisioningError);
    assertEquals(story(vm).filter((it) => it.includes("POST")), [], fault);
  }
});

for (
  const [what, mark, force] of [
    [
      "that is marked",
      markText({
        vmId: "1d000000-0000-4000-8000-000000000001",
        instanceId: "another",
      }),
      false,
    ],
    ["that is marked, and provisioned again as asked", markText(), true],
    ["whose mark cannot be read", "", false],
  ] as const
) {
  Deno.test(`provision() calls no VM a failure ${what}`, async () => {
    await using vm = await madeUpVm({
      faults: ["404@metadata", "html@goal-state"],
      mark,
      options: { force },
    });
    await assertRejects(() => provision(vm.options), ProvisioningError);
    assertEquals(story(vm).filter((it) => it.includes("POST")), []);
  });
}

for (
  const [what, mark, faults] of [
    ["by its id", { vmId: "a0000000-0000-4000-8000-000000000001" }, [
      "html@goal-state",
    ]],
    ["by its role instance", { instanceId: "another" }, ["404@metadata"]],
  ] as const
) {
  Deno.test(`provision() reports a failure although there is a mark, which is another VM's ${what}`, async () => {
    await using vm = await madeUpVm({
      faults,
      mark: markText(mark),
      options: NAME_REQUIRED,
    });
    await assertRejects(() => provision(vm.options), ProvisioningError);
    assertEquals(story(vm).at(-1), "wireserver POST NotReady");
  });
}

Deno.test("provision() asks for no goal state where JSON is the only way", async () => {
  await using vm = await madeUpVm({
    faults: ["400@goal-state"],
    options: { healthProtocol: "json" },
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(story(vm), ["imds GET 200", "wireserver POST Ready"]);
  assertEquals(Object.keys(await markOf(vm) as object), [
    "vmId",
    "at",
    "version",
  ]);
});

Deno.test("provision() reports an error of its own", async () => {
  await using vm = await madeUpVm({ options: NAME_REQUIRED });
  const host = {
    ...vm.host,
    run: () => Promise.reject(new Error("a mistake")),
  };
  await assertRejects(
    () => provision({ ...vm.options, host }),
    Error,
    "a mistake",
  );
  assertEquals(
    vm.test.platform.verdict().notReady!.description,
    "internal_error: Internal error: a mistake",
  );
});

Deno.test("provision() gives a program that names the host no more time than there is", async () => {
  await using vm = await madeUpVm({ options: { timeoutMs: 600 } });
  const times: [program: string, ms: number][] = [];
  const host = {
    ...vm.host,
    run: (program: string, { timeoutMs }: { timeoutMs: number }) => {
      times.push([program, timeoutMs]);
      return Promise.resolve({ kind: "failed", reason: "slow" } as const);
    },
  };
  assertEquals(await provision({ ...vm.options, host }), "provisioned");
  const programs = ["hostnamectl", "hostname", "restorecon"];
  assertEquals(times, programs.map((program) => [program, 800]));
  await using slow = await madeUpVm({ options: { timeoutMs: 60_000 } });
  times.length = 0;
  assertEquals(
    await provision({ ...slow.options, host: { ...slow.host, run: host.run } }),
    "provisioned",
  );
  assertEquals(times, programs.map((program) => [program, 10_000]));
});

Deno.test("provision() does not touch the host if the goal state cannot be used", async () => {
  await using vm = await madeUpVm({ faults: ["html@goal-state"] });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "goal_state_invalid");
  assertEquals(vm.host.runs, []);
  assertEquals(await markOf(vm), undefined);
});

Deno.test("provision() reports nothing after it was told to stop", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({
    options: { signal: controller.signal, ...NAME_REQUIRED },
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
