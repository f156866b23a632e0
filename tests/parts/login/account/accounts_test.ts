import { assertEquals } from "@std/assert";
import {
  findAccount,
  findGroup,
  isSystemId,
  passwordStateOf,
} from "../../../../lib/parts/login/account/accounts.ts";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "azure:x:1000:1001:A, B:/home/azure:/bin/sh",
  "azure:x:0:0::/root:/bin/sh",
  "short:x:1001",
  "hex:x:0x3e8:1000::/home/hex:/bin/sh",
  "minus:x:-1:1000::/home/minus:/bin/sh",
  // The kernel would take these for root's id, and for no change.
  "wrapped:x:4294967296:1000::/home/wrapped:/bin/sh",
  "none:x:1000:4294967295::/home/none:/bin/sh",
  "",
].join("\n");

Deno.test("findAccount() finds the first line of a name", () => {
  assertEquals(findAccount(PASSWD, "azure"), {
    name: "azure",
    password: "x",
    uid: 1000,
    gid: 1001,
    home: "/home/azure",
    shell: "/bin/sh",
  });
});

for (
  const name of [
    "nobody",
    "azur",
    "short",
    "hex",
    "minus",
    "wrapped",
    "none",
    "",
  ]
) {
  Deno.test(`findAccount() finds no account for "${name}"`, () => {
    assertEquals(findAccount(PASSWD, name), undefined);
  });
}

Deno.test("findGroup() finds a group and its members", () => {
  const text = "sudo:x:27:a,b\nempty:x:1000:\nbad:x:y:\n";
  assertEquals(findGroup(text, "sudo"), {
    name: "sudo",
    gid: 27,
    members: ["a", "b"],
  });
  assertEquals(findGroup(text, "empty")?.members, []);
  assertEquals(findGroup(text, "bad"), undefined);
  assertEquals(findGroup(text, "sud"), undefined);
});

Deno.test("isSystemId() takes root's id, those under the first, and nobody's for the system's", () => {
  const areOfSystem = (ids: readonly number[], first: number) =>
    ids.map((id) => isSystemId(id, first));
  assertEquals(areOfSystem([0, 999, 65534], 1000), [true, true, true]);
  assertEquals(areOfSystem([1000, 60000, 70000], 1000), [false, false, false]);
  assertEquals(areOfSystem([0, 499, 500, 65535], 500), [
    true,
    true,
    false,
    true,
  ]);
  assertEquals(areOfSystem([0, 1], 0), [true, false]);
});

const ACCOUNT = findAccount(PASSWD, "azure")!;

for (
  const [shadow, state] of [
    ["azure:!:1:0:99999:7:::\n", "never set"],
    ["azure:!!:1:0:99999:7:::\n", "never set"],
    ["other:*:1::::::\n", "never set"],
    ["", "never set"],
    ["azure:!$y$x:1::::::\n", "locked"],
    ["azure:!*:1::::::\n", "locked"],
    ["azure:*:1::::::\n", "unlocked"],
    ["azure:$y$x:1::::::\n", "unlocked"],
    ["azure::1::::::\n", "unlocked"],
    [undefined, "unlocked"],
  ] as const
) {
  Deno.test(`passwordStateOf() finds "${state}" for ${JSON.stringify(shadow)}`, () => {
    assertEquals(passwordStateOf(ACCOUNT, shadow), state);
  });
}

Deno.test("passwordStateOf() looks into passwd where that has the password", () => {
  assertEquals(passwordStateOf({ ...ACCOUNT, password: "!" }, ""), "never set");
  assertEquals(passwordStateOf({ ...ACCOUNT, password: "*" }, ""), "unlocked");
});
