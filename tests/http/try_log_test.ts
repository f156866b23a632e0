import { assert, assertEquals } from "@std/assert";
import type { CallFailure } from "../../lib/http/failure.ts";
import { isQuiet, TryLog } from "../../lib/http/try_log.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { testClock } from "../helpers/test_clock.ts";

const REFUSED: CallFailure = { kind: "network", message: "Refused" };
const SILENT: CallFailure = { kind: "network", message: "Silent" };
const EVERY_MS = 10_000;

/** Fails these tries of "get it" ten seconds apart, and gives the lines, with their seconds. */
function linesOf(
  failures: readonly CallFailure[],
  what: readonly string[] = ["get it"],
): string[] {
  const clock = testClock();
  const lines: string[] = [];
  const tell = (message: string) =>
    lines.push(`${clock.time / 1000} ${message}`);
  const tryLog = new TryLog(clock, { ...recordingLog(), warn: tell });
  for (const [index, failure] of failures.entries()) {
    for (const it of what) {
      tryLog.failed({
        what: it,
        tries: index + 1,
        failure,
        delayMs: EVERY_MS,
      });
    }
    clock.time += EVERY_MS;
  }
  return lines;
}

function times<T>(count: number, item: T): T[] {
  return Array.from({ length: count }, () => item);
}

Deno.test("the first five tries have a line each, and later ones a line a minute together", () => {
  assertEquals(linesOf(times(18, REFUSED)), [
    "0 Try 1 to get it failed: Refused; next try in 10.0 s",
    "10 Try 2 to get it failed: Refused; next try in 10.0 s",
    "20 Try 3 to get it failed: Refused; next try in 10.0 s",
    "30 Try 4 to get it failed: Refused; next try in 10.0 s",
    "40 Try 5 to get it failed: Refused; next try in 10.0 s",
    "100 Tries 6 to 11 to get it failed: Refused; next try in 10.0 s",
    "160 Tries 12 to 17 to get it failed: Refused; next try in 10.0 s",
  ]);
});

Deno.test("a failure of a new kind is logged at once, and one that comes back is summed up", () => {
  const lines = linesOf([
    ...times(7, REFUSED),
    SILENT,
    REFUSED,
    SILENT,
    ...times(8, REFUSED),
  ]);
  assertEquals(lines.slice(5), [
    "70 Try 8 to get it failed: Silent; next try in 10.0 s",
    "130 Tries 6 to 14 to get it failed: Refused (7 times), Silent (once); next try in 10.0 s",
  ]);
});

Deno.test("an answer of another status is of a new kind, one with another id or body is not", () => {
  const answer = (status: number, id: string): CallFailure => ({
    kind: "status",
    status,
    message: `The platform answered ${status}: "${id}"`,
  });
  const lines = linesOf([
    ...times(5, REFUSED),
    answer(503, "a"),
    answer(503, "b"),
    answer(500, "c"),
    { kind: "data", key: "k", message: "Wrong at 12:30:01, request 7f-3a" },
    { kind: "data", key: "k", message: "Wrong at 12:30:11, request 80-3b" },
  ]);
  assertEquals(lines.slice(5).map((line) => line.split(" failed")[0]), [
    "50 Try 6 to get it",
    "70 Try 8 to get it",
    "80 Try 9 to get it",
  ]);
});

Deno.test("calls at the same time share a line a minute", () => {
  const lines = linesOf(times(30, REFUSED), ["get one", "get two"]).slice(10);
  assertEquals(
    lines[0],
    "100 Tries 6 to 11 to get one failed: Refused, and tries 6 to 10 to get two failed: Refused; next try in 10.0 s",
  );
  assertEquals(lines.map((line) => line.split(" ")[0]), [
    "100",
    "160",
    "220",
    "280",
  ]);
});

Deno.test("a call that fails in ever new ways is not logged each time", () => {
  const failures = Array.from({ length: 300 }, (_, index): CallFailure => ({
    kind: "status",
    status: 300 + index,
    message: `${index}`,
  }));
  assert(linesOf(failures).length < 20 + 300 / 6);
});

Deno.test("a call that has ended is forgotten", () => {
  const clock = testClock();
  const log = recordingLog();
  const tryLog = new TryLog(clock, log);
  const failed = (what: string, tries: number) =>
    tryLog.failed({ what, tries, failure: REFUSED, delayMs: 0 });
  for (const tries of [1, 2, 3, 4, 5, 6]) failed("get one", tries);
  tryLog.ended("get one");
  for (const tries of [1, 2, 3, 4, 5]) failed("get two", tries);
  clock.time = 100_000;
  failed("get two", 6);
  assertEquals(
    log.lines.at(-1),
    "warn: Try 6 to get two failed: Refused; next try in 0.0 s",
  );
});

Deno.test("isQuiet() begins after the fifth try", () => {
  assertEquals([5, 6].map(isQuiet), [false, true]);
});
