import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  drawSpan,
  formatDuration,
  pageWidth,
  TIMELINE_WIDTH,
} from "../../lib/status/layout.ts";
import { formatStatus, type Status } from "../../lib/status/format_status.ts";
import { DEAD, GOOD } from "./_records.ts";

Deno.test("formatStatus() writes a page about a run", () => {
  assertEquals(
    formatStatus(GOOD),
    `This VM is provisioned: the platform knows that it is ready.

Began     2026-11-28 15:20:01 UTC
Took      1.00 s
VM        id-1
Instance  role-1
Reported  Ready
Program   azure-provisioning 0.1.0

What was done

metadata     |##                            |      40 ms done
goal-state   |###############               |     500 ms done
hostname     |               ###            |     100 ms done: host name "vm"
user         |                  .           |            skipped: not asked for
report       |                  ############|     400 ms done

What the platform was asked

    0.5 ms  get the goal state from 127.0.0.1:80, try 1: failed 503 after 20 ms:
              The platform answered 503 Service Unavailable
    400 ms  get the goal state from 127.0.0.1:80, try 2: answered 200 after 100
              ms
`,
  );
});

for (
  const [outcome, words] of [
    ["failed", "The first boot failed."],
    ["stopped", "The first boot was told to stop before it was done."],
    ["not on Azure", "This machine is not on Azure: nothing was changed"],
    ["running", "The first boot is under way."],
    ["interrupted", "The first boot was interrupted"],
    [
      "running or interrupted",
      "The first boot is under way or was interrupted",
    ],
  ] as const
) {
  Deno.test(`formatStatus() tells that a run is ${outcome}`, () => {
    const { durationMs: _, health: __, ...rest } = GOOD;
    const page = formatStatus({ ...rest, outcome });
    assert(page.startsWith(words), page);
    assertStringIncludes(
      page,
      "\nReported  nothing that the platform accepted\n",
    );
    assert(!page.includes("\nTook "));
  });
}

Deno.test("formatStatus() says why, and keeps to 80 characters of plain text", () => {
  const nasty = "\u001b[31m" + "long words ".repeat(20) + "x".repeat(2000) +
    "\n\u202e\ud800";
  const status: Status = {
    ...GOOD,
    outcome: "failed",
    vmId: nasty,
    error: { key: "broken", message: nasty },
    phases: GOOD.phases.map((it) => ({ ...it, name: nasty, what: nasty })),
    calls: GOOD.calls.map((it) => ({ ...it, what: nasty, why: nasty })),
    moreCalls: 7,
  };
  const page = formatStatus(status);
  for (const line of page.split("\n")) {
    assert(line.length <= 80, line);
    assert(/^[\x20-\x7e]*$/.test(line.replaceAll(/[\u2026\ufffd]/g, "")), line);
  }
  assertStringIncludes(page, "\nReason    \\u001b[31mlong words");
  assertStringIncludes(page, "\n... and 7 more; see the journal\n");
});

Deno.test("formatStatus() begins with reason and remedy, folds tries and shows no keys", () => {
  assertEquals(
    formatStatus(DEAD),
    `The first boot failed.

Reason    Cannot get the goal state from 168.63.129.16: No whole answer in time
          (10 tries in 60.0 s, time is up; before: "a; b")
Remedy    check that the network is up, that the VM runs on Azure, and that no
          firewall or route hides the platform; this machine has no route to
          168.63.129.16 and no default route: "eth0" has no address

Began     2026-11-28 15:20:01 UTC
Took      1 min 0 s
Reported  nothing that the platform accepted
Program   azure-provisioning 0.1.0

What was done

metadata     |########                      |    15.00 s warned
    metadata unavailable
goal-state   |##############################|  1 min 0 s failed
    see the reason above

What the platform was asked

    0.0 ms  get the goal state from 168.63.129.16, tries 1 to 10: failed 10
              times, until 55.00 s: Network is unreachable (os error 101)
    3.00 s  get the instance metadata from 169.254.169.254, 8 tries: failed 8
              times, until 58.00 s: Network is unreachable (os error 101)
   27.00 s  get the instance metadata from 169.254.169.254, 2 tries: failed 2
              times, until 40.00 s: Connection refused
`,
  );
});

Deno.test("formatStatus() keeps a key that is not the run's error as words, and what a part did as it is", () => {
  const page = formatStatus({
    ...GOOD,
    phases: [
      { name: "a", startMs: 0, endMs: 1, outcome: "done", what: "x_y" },
      { name: "b", startMs: 0, endMs: 1, outcome: "failed", what: "not_made" },
      { name: "c", startMs: 0, endMs: 1, outcome: "warned", what: "A b_c" },
    ],
  });
  assertStringIncludes(page, "done: x_y\n");
  assertStringIncludes(page, "failed: not made\n");
  assertStringIncludes(page, "warned: A b_c\n");
});

for (
  const [columns, width] of [[40, 40], [60, 60], [80, 80], [200, 80]] as const
) {
  Deno.test(`formatStatus() fits a terminal of ${columns} columns`, () => {
    assertEquals(pageWidth(columns), width);
    for (const status of [GOOD, DEAD]) {
      for (const line of formatStatus(status, pageWidth(columns)).split("\n")) {
        assert(line.length <= width, line);
      }
    }
  });
}

Deno.test("pageWidth() is 80 without a terminal or its size, and never below 40", () => {
  assertEquals([undefined, 0, 1, 39].map(pageWidth), [80, 80, 40, 40]);
});

Deno.test("formatStatus() keeps the remedy of a message that is too long", () => {
  const page = formatStatus({
    ...DEAD,
    error: { key: "k", message: `${"long ".repeat(1000)}; do this` },
  });
  assertStringIncludes(page, "\nRemedy    do this\n");
});

Deno.test("drawSpan() always has the same width", () => {
  for (const total of [0, 1, 100]) {
    for (const start of [0, 0.5, 1, 99, 100, 1e9]) {
      for (const more of [0, 0.001, 50, 1e9]) {
        const drawn = drawSpan(start, start + more, total);
        assertEquals(drawn.length, TIMELINE_WIDTH);
        assertEquals(/^ *(\.|#+) *$/.test(drawn), true, drawn);
      }
    }
  }
});

for (
  const [ms, text] of [
    [0, "0.0 ms"],
    [0.44, "0.4 ms"],
    [12.4, "12 ms"],
    [999.4, "999 ms"],
    [999.5, "1.00 s"],
    [59_994, "59.99 s"],
    [59_995, "1 min 0 s"],
    [1_200_000, "20 min 0 s"],
  ] as const
) {
  Deno.test(`formatDuration() writes ${ms} as ${text}`, () => {
    assertEquals(formatDuration(ms), text);
  });
}
