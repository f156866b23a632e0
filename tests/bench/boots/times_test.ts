import { assertEquals, assertThrows } from "@std/assert";
import {
  bootTimes,
  medianUnits,
  parseSystemdTimes,
  sharesOf,
} from "./_times.ts";

const SHOWN = `UserspaceTimestamp=Mon 2026-11-30 16:46:04.100000 UTC
FinishTimestamp=Mon 2026-11-30 16:46:05.600500 UTC

Id=sysinit.target
InactiveExitTimestamp=Mon 2026-11-30 16:46:04.300000 UTC
ActiveEnterTimestamp=Mon 2026-11-30 16:46:04.300000 UTC
InactiveEnterTimestamp=n/a

Id=azure-provisioning.service
InactiveExitTimestamp=Mon 2026-11-30 16:46:04.350000 UTC
ActiveEnterTimestamp=
InactiveEnterTimestamp=Mon 2026-11-30 16:46:04.500250 UTC

Id=never.service
InactiveExitTimestamp=
ActiveEnterTimestamp=
InactiveEnterTimestamp=
`;

Deno.test("parseSystemdTimes() gives when the boot and its units began and ended", () => {
  const times = parseSystemdTimes(SHOWN);
  assertEquals(times.finished - times.started, 1500.5);
  assertEquals([...times.began.keys()], [
    "sysinit.target",
    "azure-provisioning.service",
  ]);
  assertEquals(sharesOf(times, "azure"), [{
    unit: "azure-provisioning.service",
    fromMs: 50,
    tookMs: 150.25,
  }]);
});

Deno.test("parseSystemdTimes() refuses a boot that was not over", () => {
  const shown = SHOWN.replace(/^FinishTimestamp=.*$/m, "FinishTimestamp=");
  assertThrows(() => parseSystemdTimes(shown), TypeError, "not over");
});

Deno.test("bootTimes() counts from sysinit.target, or else from the init", () => {
  const moments = { init: 1000, booted: 1900, ready: 1500 };
  assertEquals(bootTimes(moments), {
    toReady: 500,
    startToReady: 500,
    boot: 900,
    toSshd: undefined,
  });
  assertEquals(
    bootTimes({ ...moments, sysinit: 1200, sshd: 1700, ready: undefined }),
    { toReady: undefined, startToReady: undefined, boot: 900, toSshd: 700 },
  );
  assertEquals(bootTimes({ ...moments, sysinit: 1200 }).toReady, 300);
});

Deno.test("medianUnits() takes the median of each unit, and leaves out what ran in few boots", () => {
  const ran = (unit: string, fromMs: number, tookMs: number) => ({
    unit,
    fromMs,
    tookMs,
  });
  assertEquals(
    medianUnits([
      [ran("b", 20, 1), ran("a", 9, 5)],
      [ran("b", 10, 3), ran("a", 8, 4), ran("rare", 0, 1)],
      [ran("b", 30, 2), ran("a", 7, 9)],
    ]),
    [ran("a", 8, 5), ran("b", 20, 2)],
  );
});
