import { assert, assertEquals, assertRejects } from "@std/assert";
import { getGoalState, getMetadata, withPlatform } from "../raw_http.ts";
import { faults } from "./_faults.ts";
import { untilOpen } from "./_waits.ts";

Deno.test("refuse leaves both services closed, on addresses that are known", async () => {
  await withPlatform(faults("refuse"), async (platform) => {
    for (const address of [platform.wireserver, platform.imds]) {
      assert(address.port > 0);
      await assertRejects(
        () => Deno.connect(address),
        Deno.errors.ConnectionRefused,
      );
    }
  });
});

Deno.test("refuse with a target leaves that service closed and opens the other", async () => {
  await withPlatform(faults("refuse@metadata"), async (platform) => {
    await assertRejects(
      () => Deno.connect(platform.imds),
      Deno.errors.ConnectionRefused,
    );
    assertEquals((await getGoalState(platform)).status, 200);
  });
});

Deno.test("late-start refuses for the given time and then listens", async () => {
  await withPlatform(faults("late-start=0.3"), async (platform) => {
    const started = performance.now();
    for (const address of [platform.wireserver, platform.imds]) {
      await assertRejects(
        () => Deno.connect(address),
        Deno.errors.ConnectionRefused,
      );
    }
    await untilOpen(platform.wireserver);
    await untilOpen(platform.imds);
    assert(performance.now() - started > 250);
    assertEquals((await getGoalState(platform)).status, 200);
    assertEquals((await getMetadata(platform)).status, 200);
  });
});

Deno.test("late-start with a target opens the other service at once", async () => {
  await withPlatform(faults("late-start@goal-state=60"), async (platform) => {
    await assertRejects(
      () => Deno.connect(platform.wireserver),
      Deno.errors.ConnectionRefused,
    );
    assertEquals((await getMetadata(platform)).status, 200);
  });
});

Deno.test("late-start waits while another program has the port", async () => {
  await withPlatform(faults("late-start@metadata=0.1"), async (platform) => {
    const other = Deno.listen(platform.imds);
    await new Promise((resolve) => setTimeout(resolve, 200));
    other.close();
    await untilOpen(platform.imds);
    assertEquals((await getMetadata(platform)).status, 200);
  });
});
