import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import { provision } from "../../lib/provision.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { readRecord } from "../../lib/record/read_record.ts";
import { formatStatus } from "../../lib/status/format_status.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { virtualClock } from "../helpers/virtual_clock.ts";
import { madeUpVm, type Vm } from "./_vm.ts";

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 20 * MINUTE_MS;

/** A line that a first boot logged, and when. */
interface TimedLine {
  readonly ms: number;
  readonly text: string;
}

/** Runs a first boot of twenty minutes that fails, and gives what it logged, but for details. */
async function fail(
  vm: Vm,
  clock: Clock,
): Promise<{ readonly error: ProvisioningError; readonly lines: TimedLine[] }> {
  const lines: TimedLine[] = [];
  const keep = (text: string) => void lines.push({ ms: clock.now(), text });
  const log = { ...recordingLog(), info: keep, warn: keep, error: keep };
  const error = await assertRejects(
    () => provision({ ...vm.options, clock, log, timeoutMs: TIMEOUT_MS }),
    ProvisioningError,
  );
  return { error, lines };
}

/** The lines after the fifth try of every call that the log has lines of. */
function later(lines: readonly TimedLine[]): TimedLine[] {
  return lines.slice(
    lines.findLastIndex(({ text }) => text.startsWith("Try 5 ")) + 1,
  );
}

function assertQuiet(lines: readonly TimedLine[]): void {
  for (const [index, { ms }] of lines.entries()) {
    const before = lines[index - 1];
    assert(
      before === undefined || ms - before.ms >= MINUTE_MS,
      `${before?.ms} and ${ms}`,
    );
  }
}

Deno.test("a network that is dead for twenty minutes gets a line a minute after the fifth try, and a last one that tells all", async () => {
  await using vm = await madeUpVm({ faults: ["refuse"] });
  using clock = virtualClock();
  const { error, lines } = await fail(vm, clock);

  assert(clock.now() > TIMEOUT_MS - 200 && clock.now() <= TIMEOUT_MS);
  assertQuiet(later(lines));
  assert(later(lines).length >= 15, "it says that it lives");
  // Five tries of two calls, of which one has two lines for each, and a line a minute.
  assert(lines.length <= 15 + 20, `${lines.length}`);
  const sums = later(lines).map(({ text }) => text);
  for (const sum of sums) {
    assert(
      /^Tr(y \d+|ies \d+ to \d+) to get .+ failed: Connection refused.*; next try in [\d.]+ s$/
        .test(sum),
      sum,
    );
  }
  assert(/, and tries \d+ to \d+ to get /.test(sums[0]!), sums[0]);
  assert(
    /^Cannot get the goal state from 127\.0\.0\.1:\d+: Connection refused \(1\d\d tries in 1199\.\d s, time is up\); check that the network is up/
      .test(error.message),
    error.message,
  );
});

Deno.test("every try of the goal state and the metadata is summed up or has a line, and the status folds them", async () => {
  await using vm = await madeUpVm({ faults: ["refuse"] });
  using clock = virtualClock();
  const { error, lines } = await fail(vm, clock);
  const [, tries] = /\((\d+) tries/.exec(error.message)!;
  let last = 0;
  for (const { text } of lines) {
    const [, from, to = from] =
      /[Tt]r(?:y|ies) (\d+)(?: to (\d+))? to get the goal state/.exec(text) ??
        [];
    if (from === undefined) continue;
    assertEquals(Number(from), last + 1, text);
    last = Number(to);
  }
  // The error itself tells of the last ones.
  assert(Number(tries) - last < 15, `${tries} ${last}`);

  const page = formatStatus({
    ...readRecord(vm.stateDir),
    outcome: "failed",
  });
  const asked = page.slice(page.indexOf("What the platform was asked"));
  assertEquals(asked.match(/failed\s+\d+\s+times/g)?.length, 2, page);
  assert(!/[a-z]_[a-z]/.test(page), page);
});

Deno.test("reports that get no answer are summed up as well", async () => {
  await using vm = await madeUpVm({
    faults: ["503@health", "503@health-json"],
  });
  using clock = virtualClock();
  const { lines } = await fail(vm, clock);
  const json = lines.findIndex(({ text }) => /reporting it as JSON/.test(text));
  assertQuiet(later(lines.slice(0, json)));
  assert(lines.length < 90, `${lines.length}`);
});
