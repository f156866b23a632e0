import { assert, assertEquals } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { makeImage } from "./_image.ts";
import { putFiles } from "./_put_files.ts";
import { INIT_RECIPES, type Recipe } from "./_recipes.ts";
import {
  type Outcome,
  outcomesIn,
  PROBE,
  probeProgram,
  type Try,
} from "./_sandbox_probe.ts";
import {
  ALLOWANCES,
  ANOTHER_USER,
  ANOTHERS_FILE,
  DEVICE,
  DEVICE_NUMBERS,
  FILES,
  FOLDERS,
  NOT_SHOWN,
  type Refusal,
  REFUSALS,
  SETUID_PROGRAM,
  WITHOUT_HOSTNAMED,
} from "./_sandbox_tries.ts";

const VM = {
  vmId: "cccccccc-ffff-4fff-8fff-cccccccccccc",
  computerName: "sandboxed-vm",
};
const UNITS = "/etc/systemd/system";
const UNIT = "azure-provisioning.service";
const SOURCES = `${ROOT}units/systemd`;

/** The filter that makes an exception to another one. */
const EXCEPTION = "SystemCallFilter=@chown";

/** What is tried, by its number. */
const TRIES: readonly Try[] = [...REFUSALS, ...ALLOWANCES];

/** A run that says whether filters are there: nothing but the filter refuses it. */
const FILTERED = {
  run: "filtered",
  settings: "IPAddressDeny=any",
  what: "send to the loopback",
};
/** The run of the unit itself, after the program. */
const INSTALLED = "installed";
/** A run of the unit with its drop-in. */
const DROP_IN = "drop-in";

/** A unit that is the installed one but for some settings. */
interface Variant {
  /** The settings that it has not. */
  readonly without: readonly string[];
  /** What it tries. */
  readonly tries: Try[];
}

/** Every combination of settings that a try asks to be left out, by the run's name. */
const VARIANTS: ReadonlyMap<string, Variant> = variants();

Deno.test("every setting of the unit's sandbox is shown to do something, or named", async () => {
  const unit = await Deno.readTextFile(`${SOURCES}/${UNIT}`);
  const shown = [
    ...REFUSALS.flatMap(({ by }) => by),
    ...ALLOWANCES.flatMap(({ by }) => by ?? []),
    ...Object.keys(NOT_SHOWN),
  ];
  const settings = sandboxOf(unit);
  assert(settings.length > 20, "the settings are found");
  assertEquals(
    settings.filter((line) => !shown.some((it) => line.startsWith(it))),
    [],
  );
  assertEquals(
    shown.filter((it) => !settings.some((line) => line.startsWith(it))),
    [],
    "what is shown is in the unit",
  );
});

for (
  const recipe of INIT_RECIPES.filter(({ init }) => init === "systemd")
) {
  bootTest(
    `${recipe.name}: each setting of the unit refuses what it is for, and the program works`,
    async () => {
      const runs = await bootWithTries(recipe);
      const outcome = (run: string, { what }: { what: string }) => {
        const number = TRIES.findIndex((it) => it.what === what);
        return runs.get(run)?.get(number);
      };
      const hasFilters = outcome(FILTERED.run, FILTERED)?.done === false;
      if (!hasFilters) {
        console.error(
          `${recipe.name}: tries that a filter of systemd's refuses are skipped: systemd-nspawn lets it have none here`,
        );
      }
      const wrong: string[] = [];
      const expect = (run: string, it: Try, done: boolean) => {
        const end = outcome(run, it);
        if (end?.done !== done) wrong.push(tell(run, it, end));
      };
      for (const it of REFUSALS) {
        if (it.filter && !hasFilters) continue;
        expect(INSTALLED, it, false);
        expect(DROP_IN, it, WITHOUT_HOSTNAMED.includes(it.what));
        if (it.controlledOn && it.controlledOn !== recipe.suite) continue;
        // Without the setting as well: this machine's kernel knows no such program, so there is nothing to refuse.
        const free = outcome(runWithout(it.by), it);
        if (free?.done === false && /Exec format error/.test(free.words)) {
          console.error(`${recipe.name}: "${it.what}" cannot be shown here`);
          continue;
        }
        expect(runWithout(it.by), it, true);
        for (const kept of alone(it)) expect(runWithout(kept), it, false);
      }
      for (const it of ALLOWANCES) {
        expect(INSTALLED, it, true);
        expect(DROP_IN, it, true);
        if (it.by === undefined || (it.filter && !hasFilters)) continue;
        expect(runWithout([it.by]), it, false);
      }
      assertEquals(wrong, []);
    },
  );
}

/** What is left out so that each of a refusal's settings is there alone. */
function alone({ by }: Refusal): string[][] {
  return by.length === 1
    ? []
    : by.map((kept) => by.filter((setting) => setting !== kept));
}

function variants(): Map<string, Variant> {
  const found = new Map<string, Variant>();
  const add = (it: Try, without: readonly string[]) => {
    const run = runWithout(without);
    const variant = found.get(run) ?? { without, tries: [] };
    variant.tries.push(it);
    found.set(run, variant);
  };
  for (const it of REFUSALS) {
    for (const without of [it.by, ...alone(it)]) add(it, without);
  }
  for (const it of ALLOWANCES) {
    if (it.by !== undefined) add(it, [it.by]);
  }
  return found;
}

/** Such as `without-ProtectHome`; it is a part of a unit's name, too. */
function runWithout(settings: readonly string[]): string {
  const names = settings.map((it) =>
    it.replace(/=$/, "").replaceAll(/[^\w-]/g, ":")
  );
  return ["without", ...names].join("-");
}

function tell(run: string, { what }: Try, end: Outcome | undefined): string {
  const how = end === undefined
    ? "was not tried"
    : end.done
    ? "can be done"
    : `is refused: ${end.words}`;
  return `${run}: "${what}" ${how}`;
}

/** Boots a machine whose program provisions it, and whose unit and variants of it try things. */
async function bootWithTries(
  recipe: Recipe,
): Promise<Map<string, Map<number, Outcome>>> {
  await using image = await makeImage(recipe);
  await using machine = await image.makeMachine();
  const { tree } = machine;
  await furnish(tree);
  const unit = await Deno.readTextFile(`${tree}${UNITS}/${UNIT}`);
  const dropIn = await Deno.readTextFile(`${SOURCES}/without-hostnamed.conf`);
  await putUnit(tree, DROP_IN, TRIES, `${sandbox(unit, [])}\n${dropIn}`);
  const filtered = TRIES.filter(({ what }) => what === FILTERED.what);
  await putUnit(tree, FILTERED.run, filtered, FILTERED.settings);
  for (const [run, { without, tries }] of VARIANTS) {
    await putUnit(tree, run, tries, sandbox(unit, without));
  }
  await putFiles(tree, [{
    path: `${UNITS}/${UNIT}.d/boot-test.conf`,
    text: `[Service]\nExecStart=${probing(INSTALLED, TRIES)}\n`,
  }]);
  const view = await withBoot(machine, { platform: VM }, async (boot) => {
    await boot.until("the units are done", () => boot.unitIsDone(), BOOT_MS);
    assertEquals(await boot.powerOff(), VM.computerName);
    return await boot.platform!.stop();
  });
  assertEquals(view.ready.length, 1, view.lines.join("\n"));
  const log = await succeed("journalctl", [
    `--directory=${tree}/var/log/journal`,
    "--output=cat",
    "--no-pager",
  ]);
  return outcomesIn(log.split("\n"));
}

/** Puts there what the tries look for. */
async function furnish(tree: string): Promise<void> {
  await putFiles(tree, [
    probeProgram(TRIES),
    ...FILES.map((path) => ({ path, text: "" })),
    { path: ANOTHERS_FILE, text: "", mode: 0o400 },
  ]);
  for (const folder of FOLDERS) {
    await Deno.mkdir(`${tree}${folder}`, { recursive: true });
  }
  await succeed("mknod", [`${tree}${DEVICE}`, ...DEVICE_NUMBERS]);
  await Deno.copyFile(`${tree}/usr/bin/id`, `${tree}${SETUID_PROGRAM}`);
  for (const path of [ANOTHERS_FILE, SETUID_PROGRAM]) {
    await Deno.chown(`${tree}${path}`, ANOTHER_USER, ANOTHER_USER);
  }
  await Deno.chmod(`${tree}${SETUID_PROGRAM}`, 0o4755);
}

/** The command line that tries something. */
function probing(run: string, tries: readonly Try[]): string {
  return [PROBE, run, ...tries.map((it) => TRIES.indexOf(it))].join(" ");
}

/** Puts a unit there that tries something under some settings, once the program is done. */
async function putUnit(
  tree: string,
  run: string,
  tries: readonly Try[],
  settings: string,
): Promise<void> {
  const unit = `boot-test-${run}.service`;
  await putFiles(tree, [{
    path: `${UNITS}/${unit}`,
    text: `[Unit]\nAfter=${UNIT}\nBefore=boot-test-done.service\n` +
      `[Service]\nType=oneshot\nExecStart=${
        probing(run, tries)
      }\n${settings}\n`,
  }], [{
    path: `${UNITS}/multi-user.target.wants/${unit}`,
    target: `../${unit}`,
  }]);
}

/** The lines of the unit's sandbox: what is in [Service], but for what is run and when. */
function sandboxOf(unit: string): string[] {
  const service = unit.split("[Service]\n")[1]!.split("\n[Install]")[0]!;
  return service.split("\n").filter((line) =>
    /^\w+=/.test(line) &&
    !/^(Type|Exec\w+|(Unset)?Environment|TimeoutStartSec|Limit\w+|TasksMax)=/
      .test(line)
  );
}

function sandbox(unit: string, without: readonly string[]): string {
  const lines = sandboxOf(unit).filter((line) =>
    !without.some((setting) => line.startsWith(setting))
  );
  const filters = lines.filter((line) => line.startsWith("SystemCallFilter="));
  // Alone, what makes an exception would be all that is allowed.
  return lines.filter((line) =>
    line !== EXCEPTION || filters.some((it) => it !== EXCEPTION)
  ).join("\n");
}
