import { assertEquals } from "@std/assert";
import { DONE_FLAG, doneFlagOf } from "./_done_flag.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { type Image, makeImage } from "./_image.ts";
import { hostNameOf } from "./_host_name_of.ts";
import { markOf, STATE_DIR } from "./_mark_of.ts";
import { PLAIN_RECIPE } from "./_recipes.ts";
import { IMAGE_HOST_NAME } from "./_roots.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "55555555-eeee-4eee-8eee-555555555555",
  computerName: "cut-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";
const CUTS = Number(Deno.env.get("BOOT_TEST_CUTS") ?? 20);

/** When the power is cut: so long after something has happened. */
interface Moment {
  readonly after: "the machine starts" | "the first request";
  readonly ms: number;
}

bootTest(
  `a boot that is cut off at a random moment, ${CUTS} times: the next one always ends provisioned`,
  async () => {
    await using image = await makeImage(PLAIN_RECIPE);
    const usual = await wholeBoot(image);
    const tally = { before: 0, between: 0, marked: 0 };
    for (let cut = 0; cut < CUTS; cut++) {
      const moment = randomMoment(cut, usual);
      const state = await cutAndBootAgain(image, moment).catch((error) => {
        throw new Error(
          `Power cut ${
            Math.round(moment.ms)
          } ms after ${moment.after}: ${error.message}`,
          { cause: error },
        );
      });
      tally[state]++;
    }
    console.log(
      `The power was cut ${tally.before} times before Ready, ${tally.between} times between Ready and the mark, ${tally.marked} times after the mark`,
    );
  },
);

bootTest(
  "a power cut between the mark and the record of success: the next boot asks, reports nothing, and records it",
  async () => {
    await using image = await makeImage(PLAIN_RECIPE);
    await using machine = await image.makeMachine();
    const { tree } = machine;
    const boot = () =>
      withBoot(machine, { platform: VM, uuid: UUID }, async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        await boot.powerOff();
        return await boot.platform!.stop();
      });
    assertEquals((await boot()).ready.length, 1);
    const mark = await markOf(tree);
    for (
      const cut of [
        () => Deno.remove(`${tree}${DONE_FLAG}`),
        () => Deno.writeTextFile(`${tree}${DONE_FLAG}`, UUID.slice(0, 9)),
      ]
    ) {
      await cut();
      const view = await boot();
      assertEquals(view.lines.length > 0, true, "it did not ask");
      assertEquals(view.reports, []);
      assertEquals(await markOf(tree), mark);
      assertEquals(await doneFlagOf(tree), UUID);
      assertEquals((await boot()).lines, []);
    }
  },
);

/** How long a boot takes here, and the program's part of it. */
interface Usual {
  readonly wholeMs: number;
  readonly toTheMarkMs: number;
}

async function wholeBoot(image: Image): Promise<Usual> {
  await using machine = await image.makeMachine();
  const start = performance.now();
  return await withBoot(machine, { platform: VM, uuid: UUID }, async (boot) => {
    await boot.until(
      "the first request",
      () => boot.platform!.seen().lines.length > 0,
      BOOT_MS,
    );
    const request = performance.now();
    await boot.until(
      "the mark is there",
      async () => await markOf(machine.tree) !== undefined,
      BOOT_MS,
    );
    const marked = performance.now();
    await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
    const end = performance.now();
    await boot.powerOff();
    return { wholeMs: end - start, toTheMarkMs: marked - request };
  });
}

/** Half of the cuts are anywhere in the boot, half while the program is at work. */
function randomMoment(cut: number, usual: Usual): Moment {
  return cut % 2 === 0
    ? { after: "the machine starts", ms: Math.random() * usual.wholeMs }
    : {
      after: "the first request",
      ms: Math.random() * usual.toTheMarkMs,
    };
}

async function cutAndBootAgain(
  image: Image,
  moment: Moment,
): Promise<"before" | "between" | "marked"> {
  await using machine = await image.makeMachine();
  const { tree } = machine;
  const readyBefore = await withBoot(
    machine,
    { platform: VM, uuid: UUID },
    async (boot) => {
      await boot.until(
        "the machine has a PID 1",
        () => boot.hasFirstProcess(),
        BOOT_MS,
      );
      if (moment.after === "the first request") {
        await boot.until(
          "the first request",
          () => boot.platform!.seen().lines.length > 0,
          BOOT_MS,
        );
      }
      await sleep(moment.ms);
      await boot.cutPower();
      const view = await boot.platform!.stop();
      assertEquals(view.refusals, []);
      return view.ready.length;
    },
  );
  await assertWholeFiles(tree);
  const mark = await markOf(tree);
  assertEquals(readyBefore <= 1, true, "Ready was reported twice in one boot");
  if (mark !== undefined) assertEquals(readyBefore, 1, "marked, but not ready");

  const view = await withBoot(
    machine,
    { platform: VM, uuid: UUID },
    async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      await boot.powerOff();
      return await boot.platform!.stop();
    },
  );
  assertEquals(view.refusals, []);
  await assertWholeFiles(tree);
  assertEquals(await doneFlagOf(tree), UUID);
  assertEquals(await hostNameOf(tree), VM.computerName);
  const markAfter = await markOf(tree);
  assertEquals(markAfter?.vmId, VM.vmId);
  if (mark === undefined) {
    assertEquals(view.ready.length, 1, view.lines.join("\n"));
  } else {
    assertEquals(view.reports, [], "reported although it was marked");
    assertEquals(markAfter, mark, "marked twice");
  }
  return mark !== undefined
    ? "marked"
    : readyBefore === 1
    ? "between"
    : "before";
}

/** Whatever the moment, each file is the old one or the new one, and nothing else lies about. */
async function assertWholeFiles(tree: string): Promise<void> {
  const name = await hostNameOf(tree);
  assertEquals([IMAGE_HOST_NAME, VM.computerName].includes(name), true, name);
  const hosts = await Deno.readTextFile(`${tree}/etc/hosts`);
  assertEquals(hosts.startsWith("127.0.0.1\tlocalhost\n"), true, hosts);
  assertEquals(hosts.endsWith("\n"), true, hosts);
  await markOf(tree);
  const etc = (await namesIn(`${tree}/etc`)).filter((it) =>
    it.endsWith(".azure-provisioning")
  );
  assertEquals(
    without(etc, [".hostname.azure-provisioning", ".hosts.azure-provisioning"]),
    [],
  );
  assertEquals(
    without(await namesIn(`${tree}${STATE_DIR}`), [
      "lock",
      "provisioned.json",
      ".provisioned.json.azure-provisioning",
      "boot-done",
      ".boot-done.new",
      "status.json",
      ".status.json.azure-provisioning",
    ]),
    [],
  );
}

function without(names: readonly string[], known: readonly string[]): string[] {
  return names.filter((name) => !known.includes(name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
