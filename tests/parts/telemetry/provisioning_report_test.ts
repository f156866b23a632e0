import { assert, assertEquals } from "@std/assert";
import { kvpRecord } from "../../../lib/parts/telemetry/kvp_record.ts";
import {
  phaseReport,
  provisioningReport,
} from "../../../lib/parts/telemetry/provisioning_report.ts";
import type { Phase } from "../../../lib/record/record.ts";
import { VERSION } from "../../../lib/version.ts";
import { itemsIn } from "./_pool.ts";

const AT = new Date("2026-01-02T03:04:05.678Z");
const VM_ID = "12345678-aaaa-4aaa-8aaa-123456789abc";
const AGENT = `agent=azure-provisioning/${VERSION}`;
const TIMESTAMP = "timestamp=2026-01-02T03:04:05.678Z";

/** Reads fields with `|` between them, as Python's csv does with `quotechar="'"`. */
function fieldsOf(value: string): string[] {
  const fields: string[] = [];
  for (
    const [, , quoted, plain] of value.matchAll(
      /(^|\|)(?:'((?:[^']|'')*)'|([^|]*))(?=\||$)/g,
    )
  ) fields.push(quoted?.replaceAll("''", "'") ?? plain!);
  return fields;
}

Deno.test("provisioningReport() says that all went well, and of which VM", () => {
  assertEquals(provisioningReport({ vmId: VM_ID, at: AT }), {
    key: "PROVISIONING_REPORT",
    value: `result=success|${AGENT}|${TIMESTAMP}|vm_id=${VM_ID}`,
  });
  assertEquals(
    provisioningReport({ vmId: undefined, at: AT }).value,
    `result=success|${AGENT}|${TIMESTAMP}`,
  );
});

Deno.test("provisioningReport() says why it failed", () => {
  const reason = "host_name_invalid: The name is no name";
  assertEquals(
    provisioningReport({ vmId: VM_ID, reason, at: AT }).value,
    `result=error|reason=${reason}|${AGENT}|${TIMESTAMP}|vm_id=${VM_ID}`,
  );
});

Deno.test("provisioningReport() lets no bar in a reason make a field of its own", () => {
  for (
    const reason of [
      "a|result=success|b",
      "it's 'so'",
      "'|'",
      "|",
      "a'|result=success|'b",
    ]
  ) {
    const { value } = provisioningReport({ vmId: "a|b'c", reason, at: AT });
    assertEquals(fieldsOf(value), [
      "result=error",
      `reason=${reason}`,
      AGENT,
      TIMESTAMP,
      "vm_id=a|b'c",
    ]);
  }
});

Deno.test("provisioningReport() cuts a long reason so that every field arrives whole", () => {
  for (const character of ["x", "\u20AC", "\u{1F600}", "|", "'", "\u20AC'|"]) {
    const { key, value } = provisioningReport({
      vmId: VM_ID,
      reason: character.repeat(3000),
      at: AT,
    });
    const [item] = itemsIn(kvpRecord({ key, value }));
    assertEquals(item?.value, value, "nothing is cut off afterwards");
    const [result, reason, ...others] = fieldsOf(value);
    assertEquals([result, ...others], [
      "result=error",
      AGENT,
      TIMESTAMP,
      `vm_id=${VM_ID}`,
    ]);
    assert(/^reason=.*\.\.\.$/su.test(reason!), reason);
    assert(!/[\uD800-\uDFFF]/u.test(reason!), "no half of a character");
    assert(new TextEncoder().encode(value).length > 1010, "no room is left");
  }
});

Deno.test("provisioningReport() leaves room for a reason whatever is in the id's place", () => {
  const { value } = provisioningReport({
    vmId: "|".repeat(5000),
    reason: "because",
    at: AT,
  });
  assertEquals(fieldsOf(value)[1], "reason=because");
});

function phase(name: string, ms: number, outcome: Phase["outcome"]): Phase {
  return { name, startMs: 5, endMs: 5 + ms, outcome };
}

Deno.test("phaseReport() says how long each phase took, and how it ended unless well", () => {
  assertEquals(
    phaseReport([
      phase("goal-state", 12.4, "done"),
      phase("user", 40, "failed"),
      phase("dns", 0.2, "skipped"),
    ]),
    {
      key: "AZURE_PROVISIONING_PHASES",
      value: "goal-state=12|user=40 failed|dns=0 skipped",
    },
  );
});

Deno.test("phaseReport() leaves out whole phases where there are too many", () => {
  const phases = Array.from(
    { length: 500 },
    (_, i) => phase(`phase-${i}`, i, "done"),
  );
  const { value } = phaseReport(phases);
  const fields = value.split("|");
  assert(value.length <= 1022 && fields.length > 50);
  assertEquals(
    fields.at(-1),
    `phase-${fields.length - 1}=${fields.length - 1}`,
  );
});
