/**
 * Writes the list of faults in `docs/simulator.md` from the simulator's table.
 *
 * @module
 */

import { faultGroups, summaryOf, TARGETS } from "../lib/simulator/mod.ts";

/** The page with the list. */
export const FAULT_PAGE = "docs/simulator.md";

const START = "<!-- tools/dev fault-list writes what follows. -->\n";
const END = "<!-- End of what tools/dev fault-list writes. -->\n";

/** Replaces the list in a page with the current one. */
export function withFaultList(page: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end < start) {
    throw new Error(`"${FAULT_PAGE}" has no place for the list of faults`);
  }
  const targets = TARGETS.map((target) =>
    `- \`${target}\`: ${summaryOf(target)}\n`
  );
  const list = faultGroups().map(({ targets, faults }) => {
    const items = faults.map(({ usage, summary }) =>
      `- \`${usage}\`: ${summary}`
    );
    return `For ${targets}:\n\n${items.join("\n")}\n`;
  });
  return `${page.slice(0, start)}${START}\nTARGET is one of\n\n${
    targets.join("")
  }\n${list.join("\n")}\n${page.slice(end)}`;
}

if (import.meta.main) {
  await Deno.writeTextFile(
    FAULT_PAGE,
    withFaultList(await Deno.readTextFile(FAULT_PAGE)),
  );
}
