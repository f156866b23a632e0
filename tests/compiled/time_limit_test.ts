import { assert } from "@std/assert";
import { vmTest } from "../helpers/vm_case.ts";

/** What a run may take beyond its limit, in seconds: see `--timeout` in `docs/commands.md`. */
const BOUND_S = 5;

/** What starting it, and all else, may take on a busy machine, in seconds. */
const START_S = 5;

/** Platforms that use up the time, each by other requests. */
const FAULTS: readonly (readonly string[])[] = [
  ["hang@metadata"],
  ["503@metadata"],
  ["hang@goal-state"],
  ["429@goal-state"],
  ["slow@goal-state"],
  ["hang@health", "hang@health-json"],
  ["503@health", "503@health-json"],
  ["429@health", "404@health-json"],
  ["hang@metadata", "hang@health", "503@health-json"],
  ["429@metadata", "429@goal-state", "429@health-json"],
];

for (const seconds of [0.5, 2]) {
  vmTest(
    `the compiled program ends within ${BOUND_S} s after a limit of ${seconds} s, whatever uses it up`,
    { root: "machine" },
    async (vm) => {
      for (const faults of FAULTS) {
        const platform = await vm.startPlatform(
          faults.flatMap((fault) => ["--fault", fault]),
        );
        const start = performance.now();
        const { stderr } = await vm.run(
          `exec "$0" --force --timeout ${seconds}`,
        );
        const took = (performance.now() - start) / 1000;
        await platform.stop();
        assert(
          took < seconds + BOUND_S + START_S,
          `${faults}: ${took} s: ${stderr}`,
        );
      }
    },
  );
}

vmTest(
  "the compiled program ends within the bound if a program of the machine hangs",
  { root: "machine" },
  async (vm) => {
    await vm.startPlatform([]);
    const start = performance.now();
    const { stderr } = await vm.run(
      `mkdir /run/bin; printf '#!/bin/sh\\nexec sleep 60\\n' >/run/bin/hang
      chmod 755 /run/bin/hang
      for name in hostname hostnamectl; do
        for folder in /usr/bin /bin; do
          [ ! -e "$folder/$name" ] || mount --bind /run/bin/hang "$folder/$name"
        done
      done
      exec "$0" --timeout 2`,
    );
    const took = (performance.now() - start) / 1000;
    assert(took < 2 + BOUND_S + START_S, `${took} s: ${stderr}`);
  },
);
