import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Part, RunPart } from "../../lib/parts/part.ts";
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
    default: true,
    dispensable: false,
    wanted: ({ adminUsername }) => adminUsername !== undefined,
    load: () => Promise.resolve({ run }),
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
      parts,
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
  Deno.test(`provision() does not load a part that is ${what}`, async () => {
    const load = () => Promise.reject(new Error("loaded"));
    await using vm = await vmWith(
      [part("a", done, { load })],
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
      "is required, dispensable and fails",
      part("a", fails, { dispensable: true }),
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
    [
      "takes all the time to load, and waits for ever",
      part("a", () => new Promise(() => {}), {
        load: () =>
          new Promise((loaded) =>
            setTimeout(
              () => loaded({ run: () => new Promise(() => {}) }),
              1200,
            )
          ),
      }),
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

Deno.test("provision() goes on without a dispensable part that fails", async () => {
  await using vm = await vmWith([
    part("a", fails, { dispensable: true }),
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
  await using vm = await vmWith([part("a", run, { dispensable: true })], {
    options: { signal: controller.signal },
  });
  await assertRejects(() => provision(vm.options), DOMException, "SIGTERM");
  assert(told?.aborted);
  assertEquals(story(vm).filter((it) => it.includes("POST")), []);
});

Deno.test("provision() gives a part a second although the time is used up", async () => {
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
