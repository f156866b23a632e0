import { assertEquals } from "@std/assert";
import { runtimeOf } from "../../../tools/build/runtime.ts";

Deno.test("runtimeOf() has a code cache and unwind tables up to Deno 2.8", () => {
  for (const version of ["2.7.11", "2.8.0", "2.8.3-rc.1", "1.46.3"]) {
    assertEquals(
      runtimeOf(version),
      { codeCache: true, unwindTables: true },
      version,
    );
  }
  for (const version of ["2.9.0", "2.9.6", "2.10.0", "3.0.0"]) {
    assertEquals(
      runtimeOf(version),
      { codeCache: false, unwindTables: false },
      version,
    );
  }
});
