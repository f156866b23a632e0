import { assertEquals } from "@std/assert";
import { nearestName } from "../../lib/cli/nearest_name.ts";

const NAMES = ["provision", "goal-state", "health", "hostname", "simulate"];

for (
  const [typed, nearest] of [
    ["provision", "provision"],
    ["provison", "provision"],
    ["rovision", "provision"],
    ["provisoin", "provision"],
    ["provisioning", "provision"],
    ["goalstate", "goal-state"],
    ["goal_state", "goal-state"],
    ["helth", "health"],
    ["host-name", "hostname"],
    ["simulator", "simulate"],
    ["xyzzy", undefined],
    ["", undefined],
    ["h", undefined],
    ["provision-everything-now", undefined],
    ["p".repeat(100_000), undefined],
  ] as const
) {
  Deno.test(`nearestName() finds ${nearest ?? "nothing"} for "${typed.slice(0, 40)}"`, () => {
    assertEquals(nearestName(typed, NAMES), nearest);
  });
}

Deno.test("nearestName() takes the first of names that are equally near", () => {
  assertEquals(nearestName("bat", ["cat", "hat"]), "cat");
});

Deno.test("nearestName() finds nothing among no names", () => {
  assertEquals(nearestName("a", []), undefined);
});
