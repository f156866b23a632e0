import { assertEquals, assertRejects } from "@std/assert";
import type { RunResult } from "../../../lib/host/run_program.ts";
import { dnsPart } from "../../../lib/parts/dns/dns_part.ts";
import { DEFAULT_SETTINGS, type PartContext } from "../../../lib/parts/part.ts";
import { ProvisioningError } from "../../../lib/provisioning_error.ts";
import { recordingLog } from "../../helpers/recording_log.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { testClock } from "../../helpers/test_clock.ts";

/** Runs the part on a machine named "vm" whose udhcpc, if it has one, ends like this. */
async function runPart(
  udhcpc: RunResult | undefined,
  context: Partial<PartContext> = {},
) {
  await using dir = await tempDir();
  const log = recordingLog();
  const runs: string[] = [];
  if (udhcpc !== undefined) {
    await Deno.mkdir(`${dir.path}/run`);
    await Deno.writeTextFile(`${dir.path}/run/udhcpc.eth0.pid`, "7\n");
  }
  const outcome = await dnsPart.run({
    instance: { computerName: "vm" },
    host: {
      etcDir: `${dir.path}/etc`,
      currentName: () => "vm",
      has: () => false,
      revoke: () => {},
      run(name) {
        runs.push(name);
        return Promise.resolve(udhcpc ?? { kind: "absent" });
      },
    },
    nameBefore: "image",
    stateDir: "/state",
    log,
    clock: testClock(),
    deadline: 10_000,
    settings: DEFAULT_SETTINGS,
    required: false,
    phases: [],
    ...context,
  });
  return { outcome, runs, lines: log.lines };
}

const OK: RunResult = { kind: "ok" };

Deno.test("a client that was notified is named", async () => {
  const { outcome } = await runPart(OK);
  assertEquals(outcome, {
    kind: "done",
    what: "notified udhcpc on eth0 of the name",
  });
});

Deno.test("nobody is notified of a name that the image has already", async () => {
  const { outcome, runs, lines } = await runPart(OK, { nameBefore: "vm" });
  assertEquals(outcome, { kind: "done", what: 'the name "vm" is not new' });
  assertEquals([runs, lines], [[], []]);
});

Deno.test("a client is notified of a name that an earlier run has set, if the part is required", async () => {
  const { runs } = await runPart(OK, { nameBefore: "vm", required: true });
  assertEquals(runs, ["udhcpc"]);
});

Deno.test("a machine without a DHCP client is reported as such", async () => {
  const { outcome } = await runPart(undefined);
  assertEquals(outcome, {
    kind: "skipped",
    why: "no known DHCP client was found that could pass the name on to DNS",
  });
});

Deno.test("a client that cannot be notified is a failure, with its own words", async () => {
  const error = await assertRejects(
    () => runPart({ kind: "failed", reason: "/sbin/udhcpc: no lease" }),
    ProvisioningError,
    'The name "vm" may not get into DNS: udhcpc on eth0: /sbin/udhcpc: no lease',
  );
  assertEquals(error.key, "name_not_in_dns");
});
