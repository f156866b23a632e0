import { assertEquals } from "@std/assert";
import { FAULT_PAGE, withFaultList } from "../../tools/fault_list.ts";
import { ROOT } from "../helpers/program.ts";

Deno.test("docs/simulator.md lists the faults of the table: if not, run `tools/dev fault-list`", async () => {
  const page = await Deno.readTextFile(`${ROOT}${FAULT_PAGE}`);
  assertEquals(page, withFaultList(page));
});
