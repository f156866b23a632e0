import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Part, RunPart } from "../../lib/parts/part.ts";
import { hostnamePart } from "../../lib/parts/hostname/hostname_part.ts";
import { provision } from "../../lib/provision.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import {
  madeUpVm,
  METADATA_AWAY,
  story,
  type Vm,
  type VmOptions,
} from "./_vm.ts";

type Choice = "selected" | "required";

/** A part that a test makes up, wanted where the metadata name a user. */
function part(name: string, run: RunPart, more: Partial<Part> = {}): Part {
  return {
    name,
    summary: "",
    needs: "",
    programs: [],
    paths: [],
    default: true,
    optional: false,
    wanted: ({ adminUsername }) => adminUsername !== undefined,
    run,
    ...more,
  };
}

/** A VM whose metadata name a user, with these parts. */
function vmWith(
  parts: readonly Part[],
  { choice = "selected", ...more }: VmOptions & { choice?: Choice } = {},
): Promise<Vm> {
  return madeUpVm({
    platform: { adminUsername: "ada" },
    ...more,
    options: {
      parts: [hostnamePart, ...parts],
      selection: new Map<string, Choice>([
        ["hostname", "selected"],
        ...parts.map(({ name }) => [name, choice] as const),
      ]),
      ...more.options,
    },
  });
}

const done: RunPart = () => Promise.resolve({ kind: "done", what: "did it" });
const skipped: RunPart = () =>
  Promise.resolve({ kind: "skipped", why: "no tool" });
const fails: RunPart = () =>
  Promise.reject(
    new ProvisioningError("Cannot do it; do it by hand", {
      key: "broken_part",
      exitCode: ExitCode.cannotCreate,
    }),
  );

Deno.test("provision() runs the parts in order, after the host name and before Ready", async () => {
  const seen: string[] = [];
  const note = (name: string): RunPart => (context) => {
    seen.push(
      `${name} for ${context.instance.adminUsername} on ${context.host.currentName()} after ${
        story(vm).filter((it) => it.includes("POST")).length
      } reports`,
    );
    assertEquals(context.required, false);
    return done(context);
  };
  await using vm = await vmWith([part("a", note("a")), part("b", note("b"))]);
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(seen, [
    "a for ada on vm after 0 reports",
    "b for ada on vm after 0 reports",
  ]);
  assertEquals(story(vm).at(-1), "wireserver POST Ready");
  const lines = vm.log.lines.filter((line) => /^info: [ab]: /.test(line));
  assertEquals(lines, ["info: a: did it", "info: b: did it"]);
});

for (const what of ["left out", "not asked for"] as const) {
  Deno.test(`provision() does not run a part that is ${what}`, async () => {
    const run = () => Promise.reject(new Error("run"));
    await using vm = await vmWith(
      [part("a", run)],
      what === "left out"
        ? { options: { selection: new Map([["hostname", "selected"]]) } }
        : { platform: {} },
    );
    assertEquals(await provision(vm.options), "provisioned");
    assert(vm.log.lines.includes(`debug: a: ${what}`));
  });
}

Deno.test("provision() leaves the name alone if that is left out", async () => {
  await using vm = await madeUpVm({ options: { selection: new Map() } });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals([vm.host.runs, vm.host.currentName()], [[], "image"]);
  assert(!vm.log.lines.some((line) => line.startsWith("warn")));
});

Deno.test("provision() runs a required part although the metadata do not ask for it", async () => {
  const given: unknown[] = [];
  const run: RunPart = (context) => {
    given.push([context.required, context.instance.adminUsername]);
    return done(context);
  };
  await using vm = await vmWith([part("a", run)], {
    choice: "required",
    platform: {},
  });
  await provision(vm.options);
  assertEquals(given, [[true, undefined]]);
});

Deno.test("provision() reports that the metadata stay away where a required part needs them", async () => {
  await using vm = await vmWith([part("a", done)], {
    choice: "required",
    ...METADATA_AWAY,
    platform: {},
  });
  const error = await assertRejects(
    () => provision(vm.options),
    ProvisioningError,
  );
  assertEquals(error.key, "metadata_unavailable");
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
});

Deno.test("provision() warns of a part that is skipped, and reports Ready", async () => {
  await using vm = await vmWith([part("a", skipped)]);
  assertEquals(await provision(vm.options), "provisioned");
  assert(vm.log.lines.includes("warn: a: no tool; skipped"));
});

for (
  const [what, made, options, key, exitCode] of [
    ["fails", part("a", fails), {}, "broken_part", 73],
    [
      "is required and skipped",
      part("a", skipped),
      { choice: "required" },
      "part_skipped",
      78,
    ],
    [
      "is required, optional and fails",
      part("a", fails, { optional: true }),
      { choice: "required" },
      "broken_part",
      73,
    ],
    [
      "throws what nobody expects",
      part("a", () => Promise.reject(new TypeError("oops"))),
      {},
      "internal_error",
      70,
    ],
    [
      "waits for ever",
      part("a", () => new Promise(() => {})),
      { options: { timeoutMs: 1000 } },
      "part_timed_out",
      75,
    ],
  ] as const
) {
  Deno.test(`provision() reports NotReady, with the reason, if a part ${what}`, async () => {
    const later: string[] = [];
    const after = part("b", (context) => {
      later.push("b");
      return done(context);
    });
    await using vm = await vmWith([made, after], options as VmOptions);
    const error = await assertRejects(
      () => provision(vm.options),
      ProvisioningError,
    );
    assertEquals([error.key, error.exitCode], [key, exitCode]);
    assertEquals(story(vm).at(-1), "wireserver POST NotReady");
    const { health } = vm.test.platform.events.at(-1)!;
    assert(health?.description?.includes(key), health?.description);
    assertEquals(later, []);
  });
}

Deno.test("provision() goes on without an optional part that fails", async () => {
  await using vm = await vmWith([
    part("a", fails, { optional: true }),
    part("b", done),
  ]);
  assertEquals(await provision(vm.options), "provisioned");
  assert(vm.log.lines.includes(
    'warn: Cannot do it; do it by hand; going on without "a"',
  ));
  assert(vm.log.lines.includes("info: b: did it"));
});

Deno.test("provision() ends a part, and reports nothing, when it is told to stop", async () => {
  const controller = new AbortController();
  const reason = new DOMException("Got SIGTERM", "AbortError");
  let told: AbortSignal | undefined;
  const run: RunPart = ({ signal }) => {
    told = signal;
    controller.abort(reason);
    return new Promise(() => {});
  };
  await using vm = await vmWith([part("a", run, { optional: true })], {
    options: { signal: controller.signal },
  });
  await assertRejects(() => provision(vm.options), DOMException, "SIGTERM");
  assert(told?.aborted);
  assertEquals(story(vm).filter((it) => it.includes("POST")), []);
});

Deno.test("provision() gives a part a second although setting the name used up the time", async () => {
  const left: number[] = [];
  await using vm = await vmWith([
    part("a", (context) => {
      left.push(context.deadline - context.clock.now());
      return done(context);
    }),
  ]);
  const { clock } = vm.options;
  const host = {
    ...vm.host,
    run: (...args: Parameters<typeof vm.host.run>) => {
      Object.assign(clock, { time: 20_000 });
      return vm.host.run(...args);
    },
  };
  assertEquals(await provision({ ...vm.options, host }), "provisioned");
  assertEquals(left, [1000]);
});

Deno.test("provision() lets every part put right what a killed run left, even where there is nothing else to do", async () => {
  const seen: string[] = [];
  const recover = ({ stateDir }: { stateDir: string }) => {
    seen.push(stateDir);
  };
  await using vm = await vmWith([part("a", done, { recover })], {
    options: { selection: new Map() },
  });
  assertEquals(await provision(vm.options), "provisioned");
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(seen, [vm.stateDir, vm.stateDir]);
});

Deno.test("provision() has every part forget another VM, but not where this one is done", async () => {
  let forgotten = 0;
  const forget = () => {
    forgotten++;
  };
  await using vm = await vmWith([part("a", done, { forget })], {
    options: { selection: new Map() },
  });
  assertEquals(await provision(vm.options), "provisioned");
  assert(forgotten > 0);
  forgotten = 0;
  assertEquals(await provision(vm.options), "nothing to do");
  assertEquals(forgotten, 0);
});

Deno.test("provision() notifies the parts of a failure before NotReady, but none that is left out", async () => {
  const seen: string[] = [];
  const notified = (name: string) =>
    part(name, fails, {
      onFailure: ({ problem, vmId, phases }) => {
        const reports = story(vm).filter((it) => it.includes("POST")).length;
        seen.push(
          `${name}: ${problem.key}, ${vmId}, ${
            phases.at(-1)?.name
          }, ${reports} reports`,
        );
        return Promise.resolve();
      },
    });
  await using vm = await vmWith([notified("a"), notified("b")], {
    options: { selection: new Map([["a", "selected"]]) },
  });
  await assertRejects(() => provision(vm.options), ProvisioningError);
  assertEquals(seen, [
    "a: broken_part, 1D000000-0000-4000-8000-000000000001, a, 0 reports",
  ]);
  assertEquals(story(vm).at(-1), "wireserver POST NotReady");
});

Deno.test("provision() gives up what only parts that are left out need, before it asks the platform", async () => {
  const revoked: unknown[] = [];
  const own = { programs: ["p"], paths: ["/p"] };
  await using vm = await vmWith([part("a", done, own)], {
    options: { selection: new Map([["hostname", "selected"]]) },
  });
  const revoke = (unused: unknown) => {
    revoked.push([unused, story(vm)]);
  };
  await provision({ ...vm.options, host: { ...vm.host, revoke } });
  assertEquals(revoked, [[own, []]]);
});
