import { assertEquals, assertRejects } from "@std/assert";
import { askForGoalState } from "../../lib/provision/goal_state.ts";
import { madeUpVm } from "./_vm.ts";

Deno.test("askForGoalState() takes no answer that comes as the run is left", async () => {
  await using vm = await madeUpVm();
  const { options, log } = vm;
  const work = new AbortController();
  await assertRejects(
    () =>
      askForGoalState(options, {
        clock: options.clock,
        deadline: 4000,
        log,
        signal: work.signal,
        onTry: () => work.abort(new Error("left")),
      }),
    Error,
    "left",
  );
  assertEquals(log.lines, ["info: Retrieving goal state from the Wireserver"]);
});
