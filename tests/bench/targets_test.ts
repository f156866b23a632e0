import { assertEquals } from "@std/assert";
import type { Sample } from "../../tools/bench/samples.ts";
import { holdAgainstTargets } from "../../tools/bench/targets.ts";

function run(
  name: string,
  condition: "warm" | "delayed",
  wallMs: number,
): Sample {
  return { name, round: 0, condition, wallMs, cpuMs: wallMs, readBytes: 0 };
}

Deno.test("holdAgainstTargets() compares the program with the floor and with Python", () => {
  const targets = holdAgainstTargets([
    run("ours-unnamed", "warm", 55),
    run("empty", "warm", 50),
    run("script", "warm", 110),
  ], 20);
  assertEquals(
    targets.map(({ title, most, measured }) => [title, most, measured.median]),
    (["wall", "CPU"] as const).flatMap((cost) => [
      [`warm ${cost}, host-name tool aside / the empty program`, 1.15, 1.1],
      [
        `warm ${cost}, host-name tool aside / the article's script alone`,
        ...[0.7, 0.5],
      ],
    ]),
  );
});

Deno.test("holdAgainstTargets() counts the answers that are waited for", () => {
  const [waits] = holdAgainstTargets([
    run("ours-unnamed", "warm", 50),
    run("ours-unnamed", "delayed", 91),
  ], 20);
  assertEquals(waits?.measured.median, 2.05);
});

Deno.test("holdAgainstTargets() leaves out what was not measured", () => {
  assertEquals(holdAgainstTargets([], 20), []);
});
