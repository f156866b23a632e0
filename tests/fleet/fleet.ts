/**
 * Plays a fleet of 500 VMs against the simulated platform, in real time on the
 * loopback, simulates one of 100,000, and draws the load of both into `docs`.
 *
 * @module
 */

import { playFleet } from "./_fleet.ts";
import type { Load } from "./_load.ts";
import { type FleetResult, summarize } from "./_result.ts";
import { simulateFleet } from "./_simulation.ts";
import { drawPlot } from "../plot/_plot.ts";

const THROTTLE = { perVm: 5, all: 50 };
const SIMULATED_THROTTLE = { perVm: 5, all: 10_000 };

await show({
  file: "fleet",
  title: "500 VMs start in the same second",
  subtitle:
    "Played in real time: WireServer and IMDS take 50 requests a second each, 5 of one VM, and ask the others to wait",
  result: await playFleet({ vms: 500, throttle: THROTTLE }),
});
await show({
  file: "fleet_100000",
  title: "100,000 VMs start in the same second",
  subtitle:
    "Simulated: WireServer and IMDS take 10,000 requests a second each, 5 of one VM, and ask the others to wait",
  result: simulateFleet({
    vms: 100_000,
    throttle: SIMULATED_THROTTLE,
    retryAfterMs: 1000,
    seed: 1,
  }),
});

interface Show {
  readonly file: string;
  readonly title: string;
  readonly subtitle: string;
  readonly result: FleetResult;
}

async function show(
  { file, title, subtitle, result }: Show,
): Promise<void> {
  const summary = summarize(result);
  const path = `docs/${file}.svg`;
  const svg = drawPlot({
    title,
    subtitle,
    xLabel: "Time since the first VM started (seconds)",
    yLabel: "Requests per second",
    lines: linesOf(result.load),
    marks: [{
      x: lastReadyS(result.load),
      label: `all ${summary.ready.toLocaleString("en")} are ready`,
    }],
  });
  await Deno.writeTextFile(new URL(`../../${path}`, import.meta.url), svg);
  console.log(`\n${title}: see ${path}`);
  for (const [name, value] of Object.entries(summary)) {
    console.log(`${name.padEnd(16)} ${Number(value.toFixed(2))}`);
  }
}

function linesOf({ arrived, served, throttled }: Load) {
  return ([
    ["arrived", arrived],
    ["told to come later (429)", throttled],
    ["served", served],
  ] as const).map(([label, counts], index) => ({
    label,
    points: counts.map((count, second) => [second, count] as const),
    steps: true,
    filled: index === 0,
  }));
}

/** The last request that is served is a report. */
function lastReadyS({ served }: Load): number {
  return served.findLastIndex((count) => count > 0) + 1;
}
