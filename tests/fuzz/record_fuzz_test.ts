import { assert } from "@std/assert";
import fc from "fast-check";
import { parseRecord } from "../../lib/record/read_record.ts";
import { formatStatus, type Status } from "../../lib/status/format_status.ts";
import { attempt } from "./_attempt.ts";
import { fuzz } from "./_fuzz.ts";
import { mutate, mutations } from "./_mutations.ts";
import { text, word } from "./_texts.ts";
import { GOOD } from "../status/_records.ts";

fuzz("what parseRecord() takes, formatStatus() makes a page of", {
  room: "record",
  runs: 600,
  input: fc.oneof(
    text,
    fc.json(),
    fc.tuple(
      mutations(fc.oneof(
        fc.constantFrom("1e999", "-1", "null", "{}", "[]", '"', "\\u001b"),
        word,
      )),
    ).map(([changes]) =>
      mutate(JSON.stringify(GOOD).match(/\w+|\W/g) ?? [], changes).join("")
    ),
    text.map((it) => JSON.stringify({ ...GOOD, vmId: it, instanceId: it })),
  ),
  check: (json) => {
    const outcome = attempt(() => parseRecord(json));
    assert(outcome.ok);
    if (outcome.value === undefined) return;
    const page = formatStatus(outcome.value as Status);
    for (const line of page.split("\n")) {
      assert(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line), line);
      assert(line.length <= 80, line);
    }
  },
});
