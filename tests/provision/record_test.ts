import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Part } from "../../lib/parts/part.ts";
import { hostnamePart } from "../../lib/parts/hostname/hostname_part.ts";
import { provision } from "../../lib/provision.ts";
import type { RunRecord } from "../../lib/record/record.ts";
import { SECRETS } from "../../lib/simulator/mod.ts";
import { namesIn } from "../helpers/names_in.ts";
import { madeUpVm, NAME_REQUIRED, type Vm } from "./_vm.ts";

async function recordOf({ stateDir }: Vm): Promise<RunRecord> {
  return JSON.parse(await Deno.readTextFile(`${stateDir}/status.json`));
}

function phasesOf({ phases }: RunRecord): string[] {
  return phases.map(({ name, outcome, what = "" }) =>
    `${name} ${outcome} ${what}`.trimEnd()
  );
}

const USER: Part = {
  name: "user",
  summary: "",
  needs: "",
  programs: [],
  paths: [],
  default: true,
  optional: false,
  wanted: () => false,
  run: () => Promise.reject(new Error("run")),
};

Deno.test("provision() leaves a record of a run that went well", async () => {
  await using vm = await madeUpVm({
    faults: ["503@goal-state=1"],
    options: {
      parts: [hostnamePart, USER],
      selection: new Map([["hostname", "selected"], ["user", "selected"]]),
    },
  });
  await provision(vm.options);
  const record = await recordOf(vm);
  assertEquals(
    [record.format, record.outcome, record.vmId, record.health, record.error],
    [
      1,
      "provisioned",
      "1D000000-0000-4000-8000-000000000001",
      "Ready",
      undefined,
    ],
  );
  assertEquals(phasesOf(record).toSorted(), [
    "goal-state done",
    'hostname done host name "vm"',
    "mark done",
    "metadata done",
    "report done Ready",
    "user skipped not asked for",
  ]);
  const calls = record.calls.map(({ what, tries, ok, status, why }) =>
    `${what.replace(/ from .*| to .*/, "")} ${tries} ${ok} ${status} ${
      why ?? ""
    }`.trim()
  );
  assertEquals(calls.toSorted(), [
    'get the goal state 1 false 503 The platform answered 503 Service Unavailable: "503 Service Unavailable"',
    "get the goal state 2 true 200",
    "get the instance metadata 1 true 200",
    "report Ready 1 true 200",
  ]);
  for (const { startMs, endMs } of [...record.phases, ...record.calls]) {
    assert(0 <= startMs && startMs <= endMs);
    assert(endMs <= record.durationMs!);
  }
  const { mode } = await Deno.stat(`${vm.stateDir}/status.json`);
  assertEquals(mode! & 0o777, 0o644);
  assertEquals(await namesIn(vm.stateDir), [
    "lock",
    "provisioned.json",
    "status.json",
  ]);
});

Deno.test("provision() leaves a record of a run that failed, and of what was reported", async () => {
  await using vm = await madeUpVm({
    host: { programs: { hostname: "fails" } },
    options: NAME_REQUIRED,
  });
  const error = await assertRejects(() => provision(vm.options), Error);
  const record = await recordOf(vm);
  assertEquals([record.outcome, record.health], ["failed", "NotReady"]);
  assertEquals(record.error, {
    key: "host_name_not_set",
    message: error.message,
  });
  assertEquals(phasesOf(record).slice(-2), [
    "hostname failed host_name_not_set",
    "report done NotReady",
  ]);
});

Deno.test("provision() leaves a record of a run that was told to stop", async () => {
  const controller = new AbortController();
  await using vm = await madeUpVm({
    platform: { onEvent: () => controller.abort() },
    options: { signal: controller.signal },
  });
  await assertRejects(() => provision(vm.options), DOMException);
  assertEquals((await recordOf(vm)).outcome, "stopped");
});

Deno.test("provision() says in its record that it is under way, while it is", async () => {
  const seen: string[] = [];
  await using vm = await madeUpVm({
    platform: {
      onEvent: ({ method }) => {
        if (method !== "POST") return;
        const text = Deno.readTextFileSync(`${vm.stateDir}/status.json`);
        seen.push(JSON.parse(text).outcome);
      },
    },
  });
  await provision(vm.options);
  assertEquals(seen, ["running"]);
});

Deno.test("provision() takes away what a run left that was cut off while it wrote its record", async () => {
  await using vm = await madeUpVm();
  await provision(vm.options);
  const draft = `${vm.stateDir}/.status.json.azure-provisioning`;
  await Deno.writeTextFile(draft, "{");
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(await namesIn(vm.stateDir), [
    "lock",
    "provisioned.json",
    "status.json",
  ]);
});

Deno.test("provision() does not touch the record where there is nothing to do", async () => {
  await using vm = await madeUpVm();
  await provision(vm.options);
  const before = await recordOf(vm);
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(await recordOf(vm), before);
});

Deno.test("provision() leaves no secret in its record", async () => {
  await using vm = await madeUpVm({
    faults: ["secrets@metadata"],
    options: {
      parts: [hostnamePart, USER],
      selection: new Map([["hostname", "required"]]),
    },
  });
  await provision(vm.options);
  const text = await Deno.readTextFile(`${vm.stateDir}/status.json`);
  for (const secret of SECRETS) assert(!text.includes(secret), secret);
});

Deno.test("provision() goes on where the record cannot be written", async () => {
  await using vm = await madeUpVm();
  await Deno.mkdir(`${vm.stateDir}/status.json/x`, { recursive: true });
  assertEquals(await provision(vm.options), "provisioned");
  assert(
    vm.log.lines.some((line) =>
      line.startsWith(`debug: Cannot write the record "${vm.stateDir}/`)
    ),
  );
});
