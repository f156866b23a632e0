import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  exchange,
  getGoalState,
  getMetadata,
  goalStateRequest,
  healthRequest,
  metadataRequest,
  parseAnswer,
  postHealth,
  readToEnd,
  report,
  withPlatform,
  writeAll,
} from "../raw_http.ts";
import { faults } from "./_faults.ts";
import { pause, untilEvents } from "./_waits.ts";

Deno.test("hang reads the request and never answers until the client goes", async () => {
  await withPlatform(faults("hang@health=1"), async (platform) => {
    const connection = await Deno.connect(platform.wireserver);
    await writeAll(connection, healthRequest());
    const read = readToEnd(connection).catch(() => "closed by the client");
    assertEquals(await Promise.race([read, pause(150)]), "paused");
    connection.close();
    assertEquals(await read, "closed by the client");
    const [event] = platform.events;
    assertEquals([event?.status, event?.fault, event?.body], [
      undefined,
      "hang",
      report(),
    ]);
    assertEquals(platform.verdict().ready, false);
    assertEquals((await postHealth(platform)).status, 200);
  });
});

Deno.test("hang ends with the shutdown of the platform", async () => {
  await withPlatform(faults("hang"), async (platform) => {
    using connection = await Deno.connect(platform.imds);
    await writeAll(connection, metadataRequest());
    await untilEvents(platform, 1);
    await platform.shutdown();
    assertEquals(await readToEnd(connection).catch(() => ""), "");
  });
});

const REQUESTS = {
  "goal-state": goalStateRequest(),
  health: healthRequest(),
  metadata: metadataRequest(),
} as const;

for (const [target, request] of Object.entries(REQUESTS)) {
  Deno.test(`reset resets the connection of a ${target} request`, async () => {
    await withPlatform(faults(`reset@${target}=1`), async (platform) => {
      const address = target === "metadata"
        ? platform.imds
        : platform.wireserver;
      await assertRejects(
        () => exchange(address, request),
        Deno.errors.ConnectionReset,
      );
      const [event] = platform.events;
      assertEquals([event?.status, event?.fault, event?.body], [
        undefined,
        "reset",
        "",
      ]);
      assertEquals(parseAnswer(await exchange(address, request)).status, 200);
    });
  });
}

Deno.test("reset leaves the requests of other targets alone", async () => {
  await withPlatform(faults("reset@health"), async (platform) => {
    assertEquals((await getGoalState(platform)).status, 200);
    await assertRejects(
      () => postHealth(platform),
      Deno.errors.ConnectionReset,
    );
  });
});

Deno.test("truncated sends half the body under the full length", async () => {
  await withPlatform(faults("truncated=2"), async (platform) => {
    const broken = [await getGoalState(platform), await getMetadata(platform)];
    assertEquals((await postHealth(platform)).status, 200);
    const whole = [await getGoalState(platform), await getMetadata(platform)];
    broken.forEach((answer, index) => {
      const body = whole[index]?.body ?? "";
      assertEquals(
        answer.headers["content-length"],
        whole[index]?.headers["content-length"],
      );
      assert(
        answer.body.length > 100 && answer.body.length < body.length - 100,
      );
      assert(body.startsWith(answer.body));
    });
    assertEquals(platform.events.map((event) => event.served), [
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

Deno.test("truncated closes a connection that was to be kept", async () => {
  await withPlatform(faults("truncated"), async (platform) => {
    const { headers } = await getGoalState(platform, {
      headers: { Connection: undefined },
    });
    assertEquals(headers["connection"], undefined);
  });
});

Deno.test("slow dribbles the whole body over about two seconds", async () => {
  await withPlatform(faults("slow=2"), async (platform) => {
    const started = performance.now();
    const slow = await Promise.all([
      getGoalState(platform),
      getMetadata(platform),
    ]);
    const elapsed = performance.now() - started;
    assert(elapsed > 1500 && elapsed < 4000, `it took ${elapsed} ms`);
    const quick = await Promise.all([
      getGoalState(platform),
      getMetadata(platform),
    ]);
    assertEquals(
      slow.map((answer) => answer.body),
      quick.map((answer) => answer.body),
    );
    assertEquals(platform.events.map((event) => event.served), [
      true,
      true,
      true,
      true,
    ]);
  });
});

Deno.test("slow ends with the shutdown of the platform", async () => {
  await withPlatform(faults("slow"), async (platform) => {
    const answer = exchange(platform.wireserver, goalStateRequest()).catch(() =>
      ""
    );
    await untilEvents(platform, 1);
    const started = performance.now();
    await platform.shutdown();
    assert(performance.now() - started < 1000);
    await answer;
  });
});
