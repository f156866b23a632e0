import { assertEquals } from "@std/assert";
import { withoutNumbers } from "../lib/without_numbers.ts";

Deno.test("withoutNumbers() takes ids, dates and addresses for the same, and words not", () => {
  assertEquals(
    withoutNumbers('At 2026-11-30T10:00:01.5Z 10.0.0.4:80 said "no (7f-3a)"'),
    'At # # said "no (#)"',
  );
  assertEquals(withoutNumbers("Connection refused"), "Connection refused");
});
