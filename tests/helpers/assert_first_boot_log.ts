import { assertEquals, assertMatch } from "@std/assert";

/** What the article's agent says at a first boot, and what tools look for. */
const LINES = [
  "Retrieving goal state from the Wireserver",
  "ContainerId: 7b324f53-983a-43bc-b919-1775d6077608",
  "InstanceId: fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
  "Incarnation: 42",
  "Sending the following data to Wireserver:",
  "Response: 200 OK",
];

/**
 * Checks that a first boot's log holds what its readers look for.
 *
 * @param lines The program's lines.
 */
export function assertFirstBootLog(lines: readonly string[]): void {
  for (const line of LINES) {
    assertEquals(
      lines.includes(line),
      true,
      `"${line}" in ${lines.join("\n")}`,
    );
  }
  assertMatch(
    lines.join("\n"),
    /^<Health>.*<GoalStateIncarnation>42<\/GoalStateIncarnation>.*<State>Ready<\/State>/m,
  );
}
