import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  getGoalState,
  getMetadata,
  postHealth,
  withPlatform,
} from "../raw_http.ts";
import { faults } from "./_faults.ts";

Deno.test("html answers 200 with a page in place of every body, and accepts nothing", async () => {
  await withPlatform(faults("html"), async (platform) => {
    for (const ask of [getGoalState, getMetadata, postHealth]) {
      const { status, headers, body } = await ask(platform);
      assertEquals(status, 200);
      assertMatch(headers["content-type"] ?? "", /^text\/html/);
      assertStringIncludes(body, "<html>");
    }
    assertEquals(platform.verdict().ready, false);
    assertEquals(platform.verdict().metadataServed, false);
    assertEquals(platform.events.map((event) => event.served), [
      false,
      false,
      false,
    ]);
  });
});

Deno.test("empty-body answers 200 without a body", async () => {
  await withPlatform(faults("empty-body"), async (platform) => {
    for (const ask of [getGoalState, getMetadata]) {
      const { status, headers, body } = await ask(platform);
      assertEquals([status, body, headers["content-length"]], [200, "", "0"]);
    }
    assertEquals(platform.verdict().metadataServed, false);
  });
});

Deno.test("a status is answered to every target, and accepts nothing", async () => {
  await withPlatform(faults("500"), async (platform) => {
    for (const ask of [getGoalState, getMetadata, postHealth]) {
      assertEquals((await ask(platform)).status, 500);
    }
    assertEquals(platform.verdict().ready, false);
    assertEquals(platform.verdict().refused, 0);
    assertEquals(platform.events.map((event) => event.fault), [
      "500",
      "500",
      "500",
    ]);
  });
});

Deno.test("410 has the platform's error body", async () => {
  await withPlatform(faults("410@health"), async (platform) => {
    const { status, headers, body } = await postHealth(platform);
    assertEquals([status, headers["content-type"]], [
      410,
      "text/xml; charset=utf-8",
    ]);
    assertStringIncludes(body, "<Error><Code>ResourceNotAvailable</Code>");
  });
});

Deno.test("403 and 503 have HTML bodies", async () => {
  await withPlatform(faults("403=2", "503=2"), async (platform) => {
    for (const ask of [getGoalState, getMetadata, getGoalState, getMetadata]) {
      const { headers, body } = await ask(platform);
      assertMatch(headers["content-type"] ?? "", /^text\/html/);
      assertStringIncludes(body, "<html>");
    }
    assertEquals(platform.events.map((event) => event.status), [
      403,
      403,
      503,
      503,
    ]);
  });
});

Deno.test("429 and 503 say when to come again, 500 does not", async () => {
  await withPlatform(faults("429=1", "503=1", "500=1"), async (platform) => {
    const waits = [];
    for (let time = 0; time < 3; time++) {
      waits.push((await getGoalState(platform)).headers["retry-after"]);
    }
    assertEquals(waits, ["1", "1", undefined]);
  });
});

Deno.test("302 leads to a place that is seen when a client follows", async () => {
  await withPlatform(faults("302"), async (platform) => {
    const { status, headers } = await getMetadata(platform);
    assertEquals([status, headers["location"]], [302, "/redirected"]);
    assertEquals(
      (await getMetadata(platform, { target: "/redirected" })).status,
      404,
    );
  });
});

Deno.test("304 has neither body nor length", async () => {
  await withPlatform(faults("304"), async (platform) => {
    const { status, headers, body } = await getGoalState(platform);
    assertEquals([status, headers["content-length"], body], [
      304,
      undefined,
      "",
    ]);
  });
});
