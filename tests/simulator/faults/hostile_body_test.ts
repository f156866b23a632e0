import { assert, assertEquals } from "@std/assert";
import { exchange, metadataRequest, withPlatform } from "../raw_http.ts";
import { faults } from "./_faults.ts";
import { decode, headWith, spoil, type Wire } from "./_wire.ts";

const MIB = 1024 * 1024;

Deno.test("wrong-type answers a goal state request with JSON", async () => {
  const { spoilt, event } = await spoil("wrong-type", "goal-state");
  assertEquals(spoilt.head[0], "HTTP/1.1 200 OK");
  assert(spoilt.head.includes("Content-Type: application/json; charset=utf-8"));
  assertEquals(
    spoilt.body,
    '{"GoalState":{"Incarnation":42,"ContainerId":"7b324f53-983a-43bc-b919-1775d6077608","InstanceId":"fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1"}}',
  );
  assertEquals([event.status, event.served], [200, false]);
});

Deno.test("wrong-type answers a metadata request with XML", async () => {
  const { spoilt, event } = await spoil("wrong-type", "metadata");
  assertEquals(spoilt.head[0], "HTTP/1.1 200 OK");
  assert(spoilt.head.includes("Content-Type: text/xml; charset=utf-8"));
  assertEquals(
    spoilt.body,
    '<?xml version="1.0" encoding="utf-8"?><Instance><compute><name>simulated</name></compute></Instance>',
  );
  assertEquals([event.status, event.served], [200, false]);
});

Deno.test("nested puts 100,000 bytes of elements inside each other into the goal state", async () => {
  const { spoilt, honest, event } = await spoil("nested", "goal-state");
  const depth = 14286;
  const nest = `${"<a>".repeat(depth)}${"</a>".repeat(depth)}`;
  assert(nest.length >= 100_000);
  assertEquals(
    spoilt.body,
    honest.body.replace("<Container>", `${nest}<Container>`),
  );
  assertWellFramed(spoilt, honest);
  assertEquals(event.served, false);
});

Deno.test("nested puts 100,000 bytes of arrays inside each other into the metadata", async () => {
  const { spoilt, honest, event } = await spoil("nested", "metadata");
  const nest = `"nested":${"[".repeat(50_000)}${"]".repeat(50_000)},`;
  assertEquals(
    spoilt.body,
    honest.body.replace('"location"', `${nest}"location"`),
  );
  assertWellFramed(spoilt, honest);
  assertEquals(event.served, false);
});

Deno.test("huge puts a comment of 2 MiB in front of the goal state's ids", async () => {
  const { spoilt, honest, event } = await spoil("huge", "goal-state");
  const comment = `<!--${" ".repeat(2 * MIB)}-->`;
  assertEquals(
    spoilt.body,
    honest.body.replace("<Container>", `${comment}<Container>`),
  );
  assertWellFramed(spoilt, honest);
  assertEquals(event.served, false);
});

Deno.test("huge puts 2 MiB of userData into the metadata", async () => {
  const { spoilt, honest, event } = await spoil("huge", "metadata");
  const { userData } = JSON.parse(spoilt.body).compute;
  assertEquals(userData.length, 2 * MIB);
  assertEquals(atob(userData), "AAA".repeat(MIB / 2));
  assertEquals(spoilt.body.replace(userData, ""), honest.body);
  assertWellFramed(spoilt, honest);
  assertEquals(event.served, false);
});

Deno.test("nested and huge leave a leaf of the metadata alone, and are not used up by it", async () => {
  const target =
    "/metadata/instance/compute/name?api-version=2019-06-01&format=text";
  await withPlatform(
    faults("nested@metadata=1", "huge@metadata=1"),
    async (platform) => {
      await exchange(platform.imds, metadataRequest({ target }));
      await exchange(platform.imds, metadataRequest());
      await exchange(platform.imds, metadataRequest());
      assertEquals(
        platform.events.map(({ fault, served }) => [fault, served]),
        [
          [undefined, true],
          ["nested", false],
          ["huge", false],
        ],
      );
    },
  );
});

Deno.test("entity-bomb gives the goal state a DOCTYPE whose entities blow the ids up", async () => {
  const { spoilt, honest, event } = await spoil("entity-bomb", "goal-state");
  const entities = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY lol${level + 1} "${`&lol${level};`.repeat(10)}">`,
  ).join("");
  assertEquals(
    decode(spoilt.body),
    decode(honest.body)
      .replace(
        "<GoalState ",
        `<!DOCTYPE GoalState [<!ENTITY lol0 "lol">${entities}]><GoalState `,
      )
      .replace(/(?<=<ContainerId>)[^<]+/, "&lol9;")
      .replace(/(?<=<InstanceId>)[^<]+/, "&lol9;"),
  );
  assertWellFramed(spoilt, honest);
  assertEquals(event.served, false);
});

/** The head is the true one, with the length of what really came. */
function assertWellFramed(spoilt: Wire, honest: Wire): void {
  assertEquals(
    spoilt.head,
    headWith(honest, `Content-Length: ${spoilt.body.length}`),
  );
}
