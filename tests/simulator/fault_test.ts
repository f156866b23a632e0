import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  parseFault,
  type Platform,
  type PlatformOptions,
} from "../../lib/simulator/mod.ts";
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
} from "./raw_http.ts";

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

Deno.test("moving-incarnation makes the report stale that is built from the goal state", async () => {
  await withPlatform(faults("moving-incarnation=1"), async (platform) => {
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<Incarnation>42</Incarnation>",
    );
    assertEquals((await postHealth(platform)).status, 410);
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<Incarnation>43</Incarnation>",
    );
    const accepted = await postHealth(platform, {
      body: report({ incarnation: "43" }),
    });
    assertEquals(accepted.status, 200);
    assertEquals(
      accepted.headers["x-ms-latest-goal-state-incarnation-number"],
      "43",
    );
    assertEquals(platform.events[0]?.fault, "moving-incarnation");
    assertEquals(platform.events[0]?.served, true);
  });
});

Deno.test("no-role-instance serves a goal state without RoleInstanceList", async () => {
  await withPlatform(faults("no-role-instance=1"), async (platform) => {
    const { status, body } = await getGoalState(platform);
    assertEquals(status, 200);
    assertStringIncludes(body, "<ContainerId>");
    assertEquals(body.includes("Role"), true, "StopRolesDeadlineHint stays");
    assertEquals(body.includes("RoleInstance"), false);
    assertStringIncludes(
      (await getGoalState(platform)).body,
      "<RoleInstanceList>",
    );
  });
});

Deno.test("old-metadata answers 400 to newer versions alone, which use up its tries", async () => {
  await withPlatform(faults("old-metadata=1"), async (platform) => {
    const target = "/metadata/instance?api-version=2019-06-01";
    assertEquals((await getMetadata(platform, { target })).status, 200);
    const { status, body } = await getMetadata(platform);
    assertEquals(status, 400);
    assertEquals(
      JSON.parse(body)["newest-versions"],
      ["2019-06-01", "2019-04-30", "2019-03-11"],
    );
    assertEquals((await getMetadata(platform)).status, 200);
    assertEquals(platform.verdict().refused, 0);
  });
});

Deno.test("faults are played in their order, one on each request", async () => {
  await withPlatform(
    faults("503@goal-state=2", "404@goal-state=1"),
    async (platform) => {
      const seen = [];
      for (let time = 0; time < 4; time++) {
        seen.push(
          (await getGoalState(platform)).status,
        );
      }
      assertEquals(seen, [503, 503, 404, 200]);
    },
  );
});

Deno.test("a request that is not in order is refused and uses up no fault", async () => {
  await withPlatform(faults("hang@goal-state=1"), async (platform) => {
    const headers = { "x-ms-version": undefined };
    assertEquals((await getGoalState(platform, { headers })).status, 400);
    assertEquals(platform.events[0]?.fault, undefined);
    assertStringIncludes(platform.events[0]?.refusal ?? "", "x-ms-version");
  });
});

Deno.test("faults leave the versions alone", async () => {
  await withPlatform(faults("500", "reset"), async (platform) => {
    assertEquals(
      (await getGoalState(platform, { target: "/?comp=versions" })).status,
      200,
    );
    assertEquals((await getGoalState(platform)).status, 500);
    assertEquals(platform.events.map((event) => event.fault), [
      undefined,
      "500",
    ]);
  });
});

function faults(...texts: string[]): Pick<PlatformOptions, "faults"> {
  return { faults: texts.map(parseFault) };
}

async function pause(ms: number): Promise<"paused"> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return "paused";
}

async function untilEvents(platform: Platform, count: number): Promise<void> {
  while (platform.events.length < count) await pause(5);
}

async function untilOpen(address: Platform["imds"]): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect(address)).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await pause(10);
    }
  }
}
