import { assertEquals } from "@std/assert";
import type { Sample } from "./_samples.ts";
import { holdAgainstTargets } from "./_targets.ts";

function run(
  name: string,
  condition: "warm" | "delayed",
  wallMs: number,
): Sample {
  return { name, round: 0, condition, wallMs, cpuMs: wallMs, readBytes: 0 };
}

function held(name: string, unevictableBytes: number): Sample {
  return {
    ...{ name, round: 0, condition: "memory", residentBytes: 40 },
    unevictableBytes,
  };
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
        0.7,
        0.5,
      ],
      [
        `warm ${cost}, the empty program / the article's script alone`,
        undefined,
        50 / 110,
      ],
    ]),
  );
});

Deno.test("holdAgainstTargets() says how near anything in Deno can come", () => {
  const targets = holdAgainstTargets([
    run("deno", "warm", 60),
    run("empty", "warm", 50),
    held("empty", 30),
    held("script", 20),
  ], 20);
  assertEquals(
    targets.map(({ title, most, measured }) => [title, most, measured.median]),
    [
      ["warm wall, the script in Deno / the empty program", undefined, 1.2],
      ["warm CPU, the script in Deno / the empty program", undefined, 1.2],
      [
        "unevictable memory, the empty program / the article's script alone",
        undefined,
        1.5,
      ],
    ],
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
