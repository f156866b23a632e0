import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertThrows,
} from "@std/assert";
import { parse } from "@std/xml/parse";
import type { XmlElement } from "@std/xml/types";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import {
  buildHealthReport,
  MAX_REPORT_BYTES,
} from "../../lib/wireserver/health_report.ts";
import { MAX_DESCRIPTION_CHARACTERS } from "../../lib/wireserver/wireserver.ts";

const GOAL_STATE = {
  incarnation: "42",
  containerId: "c-1",
  instanceId: "i._1",
};

/** A description's text, and the report's size, after a parser read it. */
function describe(
  description: string,
  goalState: typeof GOAL_STATE = GOAL_STATE,
): { text: string; bytes: number } {
  const xml = buildHealthReport(goalState, { state: "NotReady", description });
  return {
    text: textAt(
      xml,
      "Container/RoleInstanceList/Role/Health/Details/Description",
    ),
    bytes: new TextEncoder().encode(xml).length,
  };
}

function textAt(xml: string, path: string): string {
  let element: XmlElement = parse(xml).root;
  for (const name of path.split("/")) {
    const child = element.children.find((node) =>
      node.type === "element" && node.name.local === name
    );
    assert(child?.type === "element", `there is no ${name} in the report`);
    element = child;
  }
  return element.children.map((node) => "text" in node ? node.text : "")
    .join("");
}

Deno.test("buildHealthReport() says Ready in exactly the platform's elements", () => {
  assertEquals(
    buildHealthReport(GOAL_STATE, { state: "Ready" }),
    "<Health><GoalStateIncarnation>42</GoalStateIncarnation><Container>" +
      "<ContainerId>c-1</ContainerId><RoleInstanceList><Role><InstanceId>i._1</InstanceId>" +
      "<Health><State>Ready</State></Health></Role></RoleInstanceList></Container></Health>",
  );
});

Deno.test("buildHealthReport() says NotReady with ProvisioningFailed and the reason", () => {
  assertEquals(
    buildHealthReport(GOAL_STATE, {
      state: "NotReady",
      description: "disk is full",
    }),
    "<Health><GoalStateIncarnation>42</GoalStateIncarnation><Container>" +
      "<ContainerId>c-1</ContainerId><RoleInstanceList><Role><InstanceId>i._1</InstanceId>" +
      "<Health><State>NotReady</State><Details><SubStatus>ProvisioningFailed</SubStatus>" +
      "<Description>disk is full</Description></Details></Health></Role></RoleInstanceList></Container></Health>",
  );
});

const TEXTS: readonly string[] = [
  "a&b<c>d\"e'f",
  "</InstanceId></Role>",
  "]]>",
  "<![CDATA[x]]>",
  "<!-- x -->",
  "&amp;&lt;&#65;",
  "tab\tand\nline",
  "\u00e4\u4e16\u754c\u{1f600}",
  "\u007f\u0085\u2028\u202e",
  "$&$1%s{}",
];

for (const text of TEXTS) {
  Deno.test(`buildHealthReport() escapes ${JSON.stringify(text)} wherever it stands`, () => {
    const xml = buildHealthReport({
      incarnation: `1${text}1`,
      containerId: `2${text}2`,
      instanceId: `3${text}3`,
    }, { state: "NotReady", description: `4${text}4` });
    const role = "Container/RoleInstanceList/Role";
    assertEquals(textAt(xml, "GoalStateIncarnation"), `1${text}1`);
    assertEquals(textAt(xml, "Container/ContainerId"), `2${text}2`);
    assertEquals(textAt(xml, `${role}/InstanceId`), `3${text}3`);
    assertEquals(
      textAt(xml, `${role}/Health/Details/Description`),
      `4${text}4`,
    );
  });
}

Deno.test("buildHealthReport() replaces what XML cannot hold", () => {
  for (
    const wrong of [
      "\0",
      "\b",
      "\u001b",
      "\u001f",
      "\ufffe",
      "\uffff",
      "\ud800",
      "\udc00",
    ]
  ) {
    assertEquals(describe(`a${wrong}b`).text, "a\ufffdb");
    const xml = buildHealthReport(
      { ...GOAL_STATE, instanceId: `a${wrong}b` },
      { state: "Ready" },
    );
    assertEquals(
      textAt(xml, "Container/RoleInstanceList/Role/InstanceId"),
      "a\ufffdb",
    );
  }
});

Deno.test("buildHealthReport() takes blanks off both ends of a description", () => {
  assertEquals(describe(" \n no luck\t").text, "no luck");
  assertEquals(describe(" ").text, "");
});

Deno.test("buildHealthReport() keeps a description of 512 characters whole", () => {
  const description = "x".repeat(MAX_DESCRIPTION_CHARACTERS - 1) + "y";
  assertEquals(describe(description).text, description);
});

Deno.test("buildHealthReport() cuts a description after 512 characters", () => {
  assertEquals(describe("x".repeat(513)).text, "x".repeat(512));
  assertEquals(describe("x".repeat(1_000_000)).text, "x".repeat(512));
});

Deno.test("buildHealthReport() counts characters, and not their parts, and cuts none in two", () => {
  const face = "\u{1f600}";
  assertEquals(describe(face.repeat(512)).text, face.repeat(512));
  assertEquals(describe(face.repeat(513)).text, face.repeat(512));
  assertEquals(describe(`x${face.repeat(512)}`).text, `x${face.repeat(511)}`);
});

Deno.test("buildHealthReport() fits the longest description into 4,096 bytes when ids are long", () => {
  const goalState = { ...GOAL_STATE, containerId: "c".repeat(3000) };
  const { text, bytes } = describe("x".repeat(2000), goalState);
  assertEquals(text, "x".repeat(512));
  assert(bytes < MAX_REPORT_BYTES);
});

for (
  const [what, character, escapedBytes] of [
    ["quotes, of 6 bytes each", '"', 6],
    ["ampersands, of 5 bytes each", "&", 5],
    ["faces, of 4 bytes each", "\u{1f600}", 4],
    ["letters, of 2 bytes each", "\u00e4", 2],
    ["letters, of 1 byte each", "x", 1],
  ] as const
) {
  Deno.test(`buildHealthReport() cuts ${what}, so that not one more would fit`, () => {
    const goalState = { ...GOAL_STATE, containerId: "c".repeat(3300) };
    const { text, bytes } = describe(character.repeat(512), goalState);
    const count = [...text].length;
    assertEquals(text, character.repeat(count));
    assert(count > 0 && count < 512, `${count} characters`);
    assert(bytes <= MAX_REPORT_BYTES, `${bytes} bytes`);
    assert(bytes + escapedBytes > MAX_REPORT_BYTES, `${bytes} bytes`);
  });
}

Deno.test("buildHealthReport() sends 512 quotes whole where the ids are short", () => {
  const { text, bytes } = describe('"'.repeat(512));
  assertEquals(text.length, 512);
  assert(bytes <= MAX_REPORT_BYTES);
});

Deno.test("buildHealthReport() drops the description before it gives up", () => {
  const empty = describe("");
  const goalState = {
    ...GOAL_STATE,
    containerId: "c".repeat(3 + MAX_REPORT_BYTES - empty.bytes),
  };
  assertEquals(describe("why", goalState), { text: "", bytes: 4096 });
});

for (const state of ["Ready", "NotReady"] as const) {
  Deno.test(`buildHealthReport() refuses to say ${state} with ids that are too long`, () => {
    const error = assertThrows(() =>
      buildHealthReport(
        { ...GOAL_STATE, instanceId: "i".repeat(4096) },
        state === "Ready" ? { state } : { state, description: "why" },
      )
    );
    assertInstanceOf(error, ProvisioningError);
    assertEquals(error.key, "health_report_too_long");
    assertEquals(error.exitCode, ExitCode.badData);
  });
}

Deno.test("buildHealthReport() takes ids that make exactly 4,096 bytes, and not 4,097", () => {
  const short = buildHealthReport(GOAL_STATE, { state: "Ready" }).length;
  const containerId = "c".repeat(3 + MAX_REPORT_BYTES - short);
  const xml = buildHealthReport({ ...GOAL_STATE, containerId }, {
    state: "Ready",
  });
  assertEquals(xml.length, MAX_REPORT_BYTES);
  assertThrows(() =>
    buildHealthReport({ ...GOAL_STATE, containerId: `${containerId}c` }, {
      state: "Ready",
    })
  );
});
