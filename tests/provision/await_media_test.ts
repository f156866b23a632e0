import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../lib/clock.ts";
import { PARTS } from "../../lib/parts/parts.ts";
import { provision } from "../../lib/provision.ts";
import { awaitMedia } from "../../lib/provision/await_media.ts";
import { testContext } from "../helpers/test_context.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { ovfEnvXml } from "../media/_ovf_env.ts";
import { madeUpVm, type Vm, type VmOptions } from "./_vm.ts";

const SCRIPT = "#!/bin/sh\necho secret\n";
const XML = ovfEnvXml({ HostName: "vm", CustomData: btoa(SCRIPT) });

/** A VM that keeps custom data, and whose media may be looked for. */
async function vmWhose(
  hasCustomData: boolean,
  isLookedFor: boolean,
  more: VmOptions = {},
): Promise<Vm & { readonly folder: string; readonly path: string }> {
  const vm = await madeUpVm({
    platform: { hasCustomData },
    ...more,
    options: {
      clock: systemClock,
      parts: PARTS,
      selection: new Map([
        ["hostname", "selected"],
        ["customdata", "selected"],
      ]),
      ...more.options,
    },
  });
  const folder = `${vm.stateDir}/media`;
  await Deno.mkdir(folder);
  const path = `${folder}/ovf-env.xml`;
  if (isLookedFor) await Deno.writeTextFile(`${folder}/media-awaited`, "");
  const options = { ...vm.options, media: { path, removeAtEnd: true } };
  return Object.assign(vm, { folder, path, options });
}

async function names(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

async function dataOf({ stateDir }: Vm): Promise<string | undefined> {
  return await Deno.readTextFile(`${stateDir}/customData`)
    .catch(() => undefined);
}

/** Does what the script does when a medium comes. */
async function copy(path: string): Promise<void> {
  await Deno.writeTextFile(`${path}.new`, XML);
  await Deno.rename(`${path}.new`, path);
}

Deno.test("provision() waits for media that come late if the metadata announces custom data", async () => {
  await using vm = await vmWhose(true, true);
  const running = provision(vm.options);
  await new Promise((resolve) => setTimeout(resolve, 700));
  assertEquals(vm.test.platform.verdict().ready, false, "Ready before them");
  await copy(vm.path);
  assertEquals(await running, "provisioned");
  assertEquals(await dataOf(vm), SCRIPT);
  assert(
    vm.log.lines.some((line) =>
      /^info: Waited \d+ ms for the provisioning media: custom data$/.test(line)
    ),
    vm.log.lines.join("\n"),
  );
});

Deno.test("provision() goes on as soon as nothing looks for the media any longer", async () => {
  await using vm = await vmWhose(true, true);
  const running = provision(vm.options);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(vm.test.platform.verdict().ready, false, "Ready too early");
  await Deno.remove(`${vm.folder}/media-awaited`);
  assertEquals(await running, "provisioned");
  assertEquals(await dataOf(vm), undefined);
});

Deno.test("provision() waits for no media if nothing of them is needed, or if nobody looks for them", async () => {
  for (const [hasCustomData, isLookedFor] of [[false, true], [true, false]]) {
    await using vm = await vmWhose(hasCustomData!, isLookedFor!);
    assertEquals(await provision(vm.options), "provisioned");
    assert(!vm.log.lines.some((line) => line.includes("Waited")));
  }
});

Deno.test("provision() says that it wants the media no more, and leaves no copy, whatever comes of it", async () => {
  for (const faults of [[], ["400@health", "400@health-json"]]) {
    await using vm = await vmWhose(false, true, { faults });
    await copy(vm.path);
    await provision(vm.options).catch(() => {});
    assertEquals(await names(vm.folder), ["media-awaited", "media-unwanted"]);
  }
});

Deno.test("awaitMedia() waits for no longer than the deadline, and no longer than the signal lets it", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/media-awaited`, "");
  const path = `${dir.path}/ovf-env.xml`;
  const context = testContext();
  const { clock } = context;
  const startMs = clock.now();
  assertEquals(
    await awaitMedia(path, { ...context, deadline: startMs + 300 }),
    true,
  );
  assert(clock.now() - startMs >= 300);
  const signal = AbortSignal.abort(new Error("stopped"));
  await assertRejects(
    () => awaitMedia(path, { ...context, signal }),
    Error,
    "stopped",
  );
});

Deno.test("awaitMedia() gives up early if nothing has begun to look for the media, as where it cannot start", async () => {
  await using dir = await tempDir();
  const context = testContext();
  for (const [mark, least, most] of [["", 10, 20], ["looking\n", 60, 90]]) {
    await Deno.writeTextFile(`${dir.path}/media-awaited`, `${mark}`);
    let now = 0;
    const clock = {
      ...context.clock,
      now: () => now,
      sleep: (ms: number) => Promise.resolve(void (now += ms)),
    };
    const deadline = 1_200_000;
    await awaitMedia(`${dir.path}/ovf-env.xml`, {
      ...context,
      clock,
      deadline,
    });
    assert(now >= Number(least) * 1000 && now <= Number(most) * 1000, `${now}`);
  }
});

Deno.test("awaitMedia() takes a mark that is missing for a moment for none", async () => {
  await using dir = await tempDir();
  const [mark, path] = [`${dir.path}/media-awaited`, `${dir.path}/ovf-env.xml`];
  await Deno.writeTextFile(mark, "");
  const context = testContext();
  let looks = 0;
  const clock = {
    ...context.clock,
    async sleep() {
      looks++;
      if (looks === 1) await Deno.remove(mark);
      if (looks === 2) await Deno.writeTextFile(mark, "");
      if (looks === 3) await copy(path);
    },
  };
  assertEquals(await awaitMedia(path, { ...context, clock }), true);
  assertEquals(looks, 3);
});
