import { assertEquals, assertThrows } from "@std/assert";
import {
  type Instance,
  instanceOf,
  parseInstance,
} from "../../lib/imds/instance.ts";

const ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const PARSED: Readonly<
  Record<string, readonly [compute: unknown, Instance]>
> = {
  "all three values": [
    { vmId: ID, name: "vm", osProfile: { computerName: "host" } },
    { vmId: ID, computerName: "host", name: "vm" },
  ],
  "a specialised image, which has no osProfile": [
    { vmId: ID, name: "vm" },
    { vmId: ID, name: "vm" },
  ],
  "empty texts, which count as absent": [
    { vmId: "", name: "", osProfile: { computerName: "" } },
    {},
  ],
  "blank texts, which count as absent": [
    { vmId: " ", name: "\n", osProfile: { computerName: "\t" } },
    {},
  ],
  "blanks around values": [
    { vmId: ` ${ID}\n`, name: "vm ", osProfile: { computerName: "\thost" } },
    { vmId: ID, computerName: "host", name: "vm" },
  ],
  "values of other types, which count as absent": [
    { vmId: 1, name: null, osProfile: { computerName: ["host"] } },
    {},
  ],
  "an osProfile of another type": [{ name: "vm", osProfile: "x" }, {
    name: "vm",
  }],
  "an osProfile that is null": [{ name: "vm", osProfile: null }, {
    name: "vm",
  }],
  "an empty compute": [{}, {}],
  "what a login needs": [
    {
      osProfile: {
        adminUsername: "ada ",
        disablePasswordAuthentication: "true",
      },
      publicKeys: [
        { keyData: "ssh-ed25519 AAAA ada\r\n", path: "/home/ada/.ssh/x" },
        { keyData: "ssh-rsa BBBB" },
      ],
      userData: "aGVs bG8=\n",
    },
    {
      adminUsername: "ada",
      disablePasswordAuthentication: true,
      publicKeys: ["ssh-ed25519 AAAA ada\r\n", "ssh-rsa BBBB"],
      userData: "aGVs bG8=\n",
    },
  ],
  "flags that are flags, and the word for no": [
    { osProfile: { disablePasswordAuthentication: false } },
    { disablePasswordAuthentication: false },
  ],
  "the word False": [
    { osProfile: { disablePasswordAuthentication: "False" } },
    { disablePasswordAuthentication: false },
  ],
  "no login data of other types, and none that are blank": [
    {
      osProfile: { adminUsername: 1, disablePasswordAuthentication: "maybe" },
      publicKeys: [null, "x", {}, { keyData: 1 }, { keyData: " \n" }, []],
      userData: " ",
    },
    {},
  ],
  "no keys that are no list": [{ publicKeys: { keyData: "ssh-rsa A" } }, {}],
  "no user data that are no text": [{ userData: ["x"] }, {}],
  "what it does not know": [{ name: "vm", new: { name: "x" } }, { name: "vm" }],
};

for (const [what, [compute, expected]] of Object.entries(PARSED)) {
  Deno.test(`parseInstance() takes ${what}`, () => {
    const json = JSON.stringify({ compute, network: {}, name: "no" });
    assertEquals(parseInstance(json), expected);
  });
}

Deno.test("parseInstance() tells no user from a user of whom nothing is said", () => {
  const of = (osProfile: string) =>
    parseInstance(`{"compute":{"osProfile":{${osProfile}}}}`).hasNoUser;
  assertEquals(of('"adminUsername":""'), true);
  assertEquals(of('"adminUsername":"ada"'), undefined);
  for (const other of ["", '"adminUsername":null', '"adminUsername":" "']) {
    assertEquals(of(other), undefined, other);
  }
});

Deno.test("parseInstance() reads whether there is custom data from what is extended", () => {
  const of = (extended: string) =>
    parseInstance(`{"compute":{}${extended}}`).hasCustomData;
  for (const [word, flag] of [["true", true], ['"False"', false]] as const) {
    const extended = `,"extended":{"compute":{"hasCustomData":${word}}}`;
    assertEquals(of(extended), flag, extended);
  }
  for (
    const other of ["", ',"extended":null', ',"extended":{"compute":{}}']
  ) assertEquals(of(other), undefined, other);
});

Deno.test("parseInstance() is not fooled by inherited names", () => {
  assertEquals(
    parseInstance(
      '{"__proto__": {"compute": {}}, "compute": {"__proto__": {"name": "x"}}}',
    ),
    {},
  );
});

for (
  const [json, message] of [
    ["", "not JSON"],
    ["<html></html>", "not JSON"],
    ['{"compute": {}', "not JSON"],
    ["{}", 'no "compute"'],
    [`{"compute":{}}${" ".repeat(256 * 1024)}`, "over 262144 bytes"],
    ["null", 'no "compute"'],
    ["[]", 'no "compute"'],
    ["1", 'no "compute"'],
    ['{"compute": null}', 'no "compute"'],
    ['{"compute": "x"}', 'no "compute"'],
    ['{"__proto__": {"compute": {}}}', 'no "compute"'],
  ] as const
) {
  Deno.test(`parseInstance() rejects ${json.slice(0, 40) || "nothing"}, as it is ${message}`, () => {
    assertThrows(() => parseInstance(json), TypeError, message);
  });
}

Deno.test("instanceOf() leaves out what is absent, empty or blank", () => {
  assertEquals(
    Object.keys(instanceOf({
      vmId: undefined,
      name: " \n",
      osProfile: { computerName: "", adminUsername: undefined },
    })),
    [],
  );
});

Deno.test("instanceOf() takes blanks off both ends", () => {
  assertEquals(
    instanceOf({
      vmId: `${ID}\r\n`,
      name: " vm ",
      osProfile: { computerName: undefined, adminUsername: "\tada" },
    }),
    { vmId: ID, name: "vm", adminUsername: "ada" },
  );
});
