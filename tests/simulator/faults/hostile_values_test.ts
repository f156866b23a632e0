import { parseInstance } from "../../../lib/imds/instance.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { SECRETS } from "../../../lib/simulator/mod.ts";
import {
  exchange,
  getGoalState,
  getMetadata,
  metadataRequest,
  parseAnswer,
  postHealth,
  report,
  withPlatform,
} from "../raw_http.ts";
import { faults } from "./_faults.ts";
import { decode, spoil } from "./_wire.ts";

const CONTROL =
  "\t\r\n<3>Provisioned: forged\n\x7F\x9B2J\u2028\u2029\u200B\u202E";
const CONTROL_IN_XML =
  "&#9;&#13;&#10;&lt;3&gt;Provisioned: forged&#10;&#127;&#155;2J\u2028\u2029\u200B\u202E";
const RAW_CONTROL = "\x1B[2J\x07\b\n";
const BAD_UTF_8 = "\xFF\xC0\xAF\xED\xA0\x80\xE2\x82";

Deno.test("bad-utf-8 puts bytes that are no UTF-8 into the ids", async () => {
  const { spoilt, event } = await spoil("bad-utf-8", "goal-state");
  assertIds(spoilt.body, BAD_UTF_8);
  assertThrows(() => decode(spoilt.body), TypeError);
  assertEquals(event.served, false);
});

Deno.test("bad-utf-8 puts bytes that are no UTF-8 into the metadata's names", async () => {
  const { spoilt, event } = await spoil("bad-utf-8", "metadata");
  assertNames(spoilt.body, BAD_UTF_8);
  assertThrows(() => decode(spoilt.body), TypeError);
  assertEquals(event.served, false);
});

Deno.test("nul puts a NUL into the ids, as it is", async () => {
  const { spoilt, event } = await spoil("nul", "goal-state");
  assertIds(spoilt.body, "\0");
  assertEquals(event.served, false);
});

Deno.test("nul puts a NUL into the metadata's names, in JSON's form", async () => {
  const { spoilt, event } = await spoil("nul", "metadata");
  assertNames(spoilt.body, "\\u0000");
  const { osProfile } = JSON.parse(spoilt.body).compute;
  assertEquals(osProfile.computerName, "simula\0ted-vm");
  assertEquals(event.served, false);
});

Deno.test("control puts every control character that XML can hold into the ids", async () => {
  const { spoilt, event } = await spoil("control", "goal-state");
  assertIds(decode(spoilt.body), CONTROL_IN_XML);
  assertEquals(event.served, false);
});

Deno.test("control puts control characters and escape sequences into the metadata's names, in JSON's form", async () => {
  const { spoilt, event } = await spoil("control", "metadata");
  const { name, vmId, osProfile } = JSON.parse(decode(spoilt.body)).compute;
  const control = `\x1B[2J\x1B]0;forged\x07\b${CONTROL}`;
  assertEquals([name, vmId, osProfile.computerName], [
    `simula${control}ted-vm`,
    `0a1b2c3d-4e5f-4a6b${control}-8c7d-9e0f1a2b3c4d`,
    `simula${control}ted-vm`,
  ]);
  assertEquals(event.served, false);
});

Deno.test("raw-control puts control characters into the ids, as they are", async () => {
  const { spoilt, event } = await spoil("raw-control", "goal-state");
  assertIds(spoilt.body, RAW_CONTROL);
  assertEquals(event.served, false);
});

Deno.test("raw-control puts control characters into the metadata's names, which is no JSON then", async () => {
  const { spoilt, event } = await spoil("raw-control", "metadata");
  assertNames(spoilt.body, RAW_CONTROL);
  assertThrows(() => JSON.parse(decode(spoilt.body)), SyntaxError);
  assertEquals(event.served, false);
});

Deno.test("no-ids leaves the goal state's ids empty", async () => {
  const { spoilt, event } = await spoil("no-ids", "goal-state");
  assert(spoilt.body.includes("<Incarnation>42</Incarnation>"));
  assert(spoilt.body.includes("<ContainerId></ContainerId>"));
  assert(spoilt.body.includes("<InstanceId></InstanceId>"));
  assertEquals(event.served, false);
});

const INJECTED_CONTAINER =
  `$(reboot)\`reboot\`;reboot|reboot&amp;&amp;reboot&gt;/tmp/x '"\\ ../../etc/passwd ]]&gt;&lt;!--&amp;amp;`;
const INJECTED_INSTANCE =
  `../../../etc/shadow"'; $(reboot) # &lt;State&gt;Ready&lt;/State&gt; %s%n`;

Deno.test("inject puts a shell's and a parser's own characters into the ids, which a report has to carry then", async () => {
  await withPlatform(faults("inject@goal-state=1"), async (platform) => {
    for (let time = 0; time < 2; time++) {
      const { body } = await getGoalState(platform);
      assert(body.includes(`<ContainerId>${INJECTED_CONTAINER}<`), body);
      assert(body.includes(`<InstanceId>${INJECTED_INSTANCE}<`), body);
    }
    assertEquals(platform.events.map(({ served }) => served), [true, true]);
    assertEquals((await postHealth(platform)).status, 400);
    const body = report({
      containerId: INJECTED_CONTAINER,
      instanceId: INJECTED_INSTANCE,
    });
    assertEquals((await postHealth(platform, { body })).status, 200);
    assertEquals(platform.verdict().ready, true);
  });
});

Deno.test("inject puts a command and a path into the metadata, and leaves the ids", async () => {
  await withPlatform(faults("inject@metadata=1"), async (platform) => {
    const { name, vmId, osProfile } =
      JSON.parse((await getMetadata(platform)).body).compute;
    assertEquals([name, vmId, osProfile.computerName], [
      "$(reboot)",
      "../../etc/passwd",
      "vm;reboot",
    ]);
    assertEquals((await postHealth(platform)).status, 200);
  });
});

Deno.test("inject puts a command into the leaf with the name", async () => {
  const target =
    "/metadata/instance/compute/name?api-version=2019-06-01&format=text";
  await withPlatform(faults("inject@metadata=1"), async (platform) => {
    const answer = await exchange(platform.imds, metadataRequest({ target }));
    assertEquals(parseAnswer(answer).body, "$(reboot)");
  });
});

Deno.test("secrets puts what no log may show into metadata that are good", async () => {
  const { spoilt, honest, event } = await spoil("secrets", "metadata");
  const { compute } = JSON.parse(spoilt.body);
  assertEquals(compute.userData, btoa("secret-user-data"));
  assertEquals(compute.customData, btoa("secret-custom-data"));
  assertEquals(compute.adminPassword, "secret-password");
  assertEquals(compute.osProfile.adminPassword, "secret-password");
  assertEquals(compute.publicKeys[0].keyData, "ssh-rsa secret-key-data");
  assertEquals(compute.tags, "token:secret-tag");
  for (
    const secret of SECRETS.filter((text) => !/-(user|custom)-data$/.test(text))
  ) {
    assert(spoilt.body.includes(secret), secret);
    assertEquals(honest.body.includes(secret), false);
  }
  const trueProfile = JSON.parse(honest.body).compute.osProfile;
  assertEquals(compute.osProfile.computerName, trueProfile.computerName);
  assertEquals(event.served, true);
});

Deno.test("odd-login gives the user, keys and user data other types, and bad-user-data what is not base64", async () => {
  const odd = await spoil("odd-login", "metadata");
  const instance = parseInstance(odd.spoilt.body);
  assertEquals(instance, {
    vmId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
    computerName: "simulated-vm",
    name: "simulated-vm",
    hasCustomData: false,
  });
  const { compute } = JSON.parse(odd.spoilt.body);
  assertEquals(compute.osProfile.adminUsername, ["root"]);
  assertEquals(compute.publicKeys.length, 7);
  assertEquals(odd.event.served, true);
  const bad = await spoil("bad-user-data", "metadata");
  assertEquals(parseInstance(bad.spoilt.body).userData, "#cloud-config");
  assertEquals(bad.event.served, true);
});

Deno.test("no-os-profile takes osProfile out of metadata that are good, and bare takes all out", async () => {
  const { spoilt, event } = await spoil("no-os-profile", "metadata");
  const { compute } = JSON.parse(spoilt.body);
  assertEquals(compute.osProfile, undefined);
  assertEquals(compute.name, "simulated-vm");
  assertEquals(event.served, true);
  const bare = await spoil("bare", "metadata");
  assertEquals(JSON.parse(bare.spoilt.body), { compute: {} });
});

function assertIds(body: string, inserted: string): void {
  for (
    const id of [
      `<ContainerId>7b324f53-983a-43bc${inserted}-b919-1775d6077608</ContainerId>`,
      `<InstanceId>fbb84507-46cd-4f4e-bd${inserted}78-a2edaa9d059b._demo1</InstanceId>`,
    ]
  ) {
    assert(body.includes(id), JSON.stringify({ body, id }));
  }
}

function assertNames(body: string, inserted: string): void {
  for (
    const member of [
      `"name":"simula${inserted}ted-vm"`,
      `"computerName":"simula${inserted}ted-vm"`,
      `"vmId":"0a1b2c3d-4e5f-4a6b${inserted}-8c7d-9e0f1a2b3c4d"`,
    ]
  ) {
    assert(body.includes(member), JSON.stringify({ body, member }));
  }
}
