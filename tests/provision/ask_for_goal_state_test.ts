import { assertEquals, assertRejects } from "@std/assert";
import { askForGoalState } from "../../lib/provision/ask_for_goal_state.ts";
import { startRun } from "../../lib/provision/run.ts";
import { madeUpVm } from "./_vm.ts";

Deno.test("askForGoalState() takes no answer that comes as the run is left", async () => {
  await using vm = await madeUpVm();
  using run = await startRun(vm.options);
  const onTry = () => run.leave(new Error("left"));
  await assertRejects(
    () => askForGoalState({ ...run, calls: { ...run.calls, onTry } }),
    Error,
    "left",
  );
  assertEquals(vm.log.lines, [
    "info: Retrieving goal state from the Wireserver",
  ]);
});
