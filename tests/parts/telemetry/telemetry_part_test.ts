import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { DEFAULT_SETTINGS, type PartOutcome } from "../../../lib/parts/part.ts";
import { PARTS } from "../../../lib/parts/parts.ts";
import { KVP_POOL } from "../../../lib/parts/telemetry/kvp_pool.ts";
import { reportSuccess } from "../../../lib/parts/telemetry/telemetry_part.ts";
import { ProvisioningError } from "../../../lib/provisioning_error.ts";
import { madeUpHost } from "../../helpers/made_up_host.ts";
import { recordingLog } from "../../helpers/recording_log.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { itemsIn } from "./_pool.ts";

const VM_ID = "12345678-aaaa-4aaa-8aaa-123456789abc";

async function runPart(
  pool: string,
  { required }: { readonly required: boolean },
): Promise<PartOutcome> {
  await using host = await madeUpHost();
  return await reportSuccess({
    instance: { vmId: VM_ID },
    host,
    stateDir: "/nowhere",
    log: recordingLog(),
    clock: systemClock,
    deadline: systemClock.now() + 60_000,
    settings: DEFAULT_SETTINGS,
    required,
    phases: [{ name: "goal-state", startMs: 1, endMs: 8, outcome: "done" }],
  }, pool);
}

Deno.test("the part telemetry notifies the host of the success, and how long it took", async () => {
  await using temp = await tempDir();
  const pool = `${temp.path}/pool`;
  await Deno.writeFile(pool, new Uint8Array());
  assertEquals(await runPart(pool, { required: false }), {
    kind: "done",
    what: `Notified the host through "${pool}"`,
  });
  const [report, phases, ...more] = itemsIn(await Deno.readFile(pool));
  assertEquals(report?.key, "PROVISIONING_REPORT");
  assertMatch(
    report!.value,
    /^result=success\|agent=azure-provisioning\/[\d.]+\S*\|timestamp=20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\|vm_id=12345678-aaaa-4aaa-8aaa-123456789abc$/,
  );
  assertEquals(phases, {
    key: "AZURE_PROVISIONING_PHASES",
    value: "goal-state=7",
  });
  assertEquals(more, []);
});

Deno.test("the part telemetry is skipped without a pool, and creates none", async () => {
  await using temp = await tempDir();
  const pool = `${temp.path}/pool`;
  assertEquals(await runPart(pool, { required: false }), {
    kind: "skipped",
    why: `There is no "${pool}" (hv_kvp_daemon makes it)`,
  });
  assertEquals(await Array.fromAsync(Deno.readDir(temp.path)), []);
});

Deno.test("the part telemetry fails without a pool if it is required", async () => {
  const error = await assertRejects(
    () => runPart("/nowhere/pool", { required: true }),
    ProvisioningError,
    'There is no "/nowhere/pool" (hv_kvp_daemon makes it); install it, or leave "telemetry" out',
  );
  assertEquals([error.key, error.exitCode], ["telemetry_no_pool", 78]);
});

Deno.test("the table of parts checks for the pool that the part telemetry writes", async () => {
  const part = PARTS.find(({ name }) => name === "telemetry");
  const isThere = await Deno.lstat(KVP_POOL).then(() => true, () => false);
  assertEquals(part?.needs.includes(`\`${KVP_POOL}\``), true);
  assertEquals(await part?.unavailable?.() === undefined, isThere);
});
