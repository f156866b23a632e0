import { assertEquals, assertStringIncludes } from "@std/assert";
import { added, type BootRow, bootTable, shareOf } from "./_table.ts";

const row = (
  name: string,
  rounds: readonly ([boot: number, toReady?: number] | undefined)[],
): BootRow => ({
  root: "root",
  name,
  title: `the ${name}`,
  rounds: rounds.map((times) =>
    times &&
    {
      boot: times[0],
      toReady: times[1],
      startToReady: times[1],
      toSshd: undefined,
    }
  ),
});

const DISABLED = row("disabled", [[500], [900], [700]]);
const OURS = row("ours", [[600, 100], undefined, [1000, 200]]);

Deno.test("what a row adds, and its share, are taken within each round", () => {
  assertEquals(added(OURS, DISABLED, "boot")?.median, 200);
  assertEquals(added(OURS, DISABLED, "boot")?.count, 2);
  const peer = row("peer", [[1, 400], [1, 300], [1, 400]]);
  assertEquals(shareOf(OURS, peer, "toReady")?.median, 0.375);
  assertEquals(shareOf(OURS, DISABLED, "toReady"), undefined);
});

Deno.test("bootTable() has a line for each variant, also for one that never came to Ready", () => {
  const absent = { ...row("peer", []), absent: "no Ready within 60 s" };
  const lines = bootTable([DISABLED, OURS, absent]).split("\n");
  assertEquals(lines.length, 5);
  assertStringIncludes(
    lines[3]!,
    "| the ours | 150 (125-175) | 150 (125-175) | 800 (700-900) | 200 (150-250) | - | - |",
  );
  assertStringIncludes(lines[4]!, "the peer: no Ready within 60 s | - | - |");
});
