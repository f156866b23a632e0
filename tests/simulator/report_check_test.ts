import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Refusal } from "../../lib/simulator/refusal.ts";
import { checkReport } from "../../lib/simulator/report_check.ts";
import { notReady, report } from "./raw_http.ts";

const READY = report();

const REFUSED: Readonly<
  Record<string, readonly [body: string, reason: string]>
> = {
  "an empty text": ["", 'start tag "<Health>"'],
  "a byte order mark": [`\uFEFF${READY}`, 'start tag "<Health>"'],
  "a blank that is none in XML": [`\u00A0${READY}`, 'start tag "<Health>"'],
  "blanks before the declaration": [
    ` <?xml version="1.0"?>${READY}`,
    'start tag "<Health>"',
  ],
  "another version of XML": [
    `<?xml version="1.1"?>${READY}`,
    'start tag "<Health>"',
  ],
  "another encoding": [
    `<?xml version="1.0" encoding="latin1"?>${READY}`,
    'start tag "<Health>"',
  ],
  "a comment": [
    READY.replace("<Container>", "<!-- --><Container>"),
    'start tag "<Container>"',
  ],
  "a DOCTYPE": [`<!DOCTYPE Health>${READY}`, 'start tag "<Health>"'],
  "a CDATA section": [
    READY.replace("Ready", "<![CDATA[Ready]]>"),
    'end tag "</State>"',
  ],
  "an unknown attribute of the root": [
    READY.replace("<Health>", '<Health a="b">'),
    'Attribute "a=\\"b\\"" does not belong in a report',
  ],
  "a namespace with the wrong address": [
    READY.replace("<Health>", '<Health xmlns:xsi="urn:x">'),
    'Attribute "xmlns:xsi=\\"urn:x\\"" does not belong in a report',
  ],
  "a namespace that is there twice": [
    READY.replace(
      "<Health>",
      `<Health${' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'.repeat(2)}>`,
    ),
    "does not belong in a report",
  ],
  "an attribute of another element": [
    READY.replace("<Container>", '<Container a="b">'),
    'start tag "<Container>"',
  ],
  "a prefix": [READY.replaceAll("Role>", "x:Role>"), 'start tag "<Role>"'],
  "RoleInstance in place of Role": [
    READY.replaceAll("Role>", "RoleInstance>"),
    'start tag "<Role>"',
  ],
  "elements in another order": [
    READY.replace(
      /(<ContainerId>.*<\/ContainerId>)(<RoleInstanceList>.*<\/RoleInstanceList>)/,
      "$2$1",
    ),
    'start tag "<ContainerId>"',
  ],
  "an element too many": [
    READY.replace("</Role>", "<Extra/></Role>"),
    'end tag "</Role>"',
  ],
  "a missing end tag": [READY.replace("</Role>", ""), 'end tag "</Role>"'],
  "text between elements": [
    READY.replace("<Role>", "text<Role>"),
    'start tag "<Role>"',
  ],
  "text after the end": [`${READY}x`, '"x" at character'],
  "an incarnation that is no number": [
    report({ incarnation: "x" }),
    'Element "GoalStateIncarnation" is "x", not a number',
  ],
  "an empty incarnation": [
    report({ incarnation: "" }),
    'Element "GoalStateIncarnation" is "", not a number',
  ],
  "an unknown state": [
    report({ health: "<State>ready</State>" }),
    'Element "State" is "ready", not "Ready" or "NotReady"',
  ],
  "blanks around the state": [
    report({ health: "<State> Ready </State>" }),
    'Element "State" is " Ready ", not "Ready" or "NotReady"',
  ],
  "Ready with details": [
    report({
      health: notReady("ProvisioningFailed", "").replace("NotReady", "Ready"),
    }),
    'end tag "</Health>"',
  ],
  "NotReady without details": [
    report({ health: "<State>NotReady</State>" }),
    'start tag "<Details>"',
  ],
  "an unknown SubStatus": [
    report({ health: notReady("Failed", "") }),
    'Element "SubStatus" is "Failed", not "ProvisioningFailed" or "Provisioning"',
  ],
  "a bare ampersand": [
    report({ health: notReady("Provisioning", "a & b") }),
    'Reference "& b" is unknown',
  ],
  "an unknown entity": [
    report({ health: notReady("Provisioning", "&nbsp;") }),
    'Reference "&nbsp;" is unknown',
  ],
  "a reference to no character": [
    report({ health: notReady("Provisioning", "&#0;") }),
    'Reference "&#0;" is unknown',
  ],
  "a reference to half a character": [
    report({ health: notReady("Provisioning", "&#xD800;") }),
    'Reference "&#xD800;" is unknown',
  ],
  "a control character": [
    report({ health: notReady("Provisioning", "\x00") }),
    'Character "\\u0000" is not allowed in XML',
  ],
  "the end of a CDATA section": [
    report({ health: notReady("Provisioning", "]]>") }),
    'holds "]]>"',
  ],
};

for (const [what, [body, reason]] of Object.entries(REFUSED)) {
  Deno.test(`checkReport() refuses ${what}`, () => {
    const refusal = assertThrows(() => checkReport(body), Refusal);
    assertEquals(refusal.status, 400);
    assertStringIncludes(refusal.message, reason);
  });
}

Deno.test("checkReport() gives every value of a report, decoded", () => {
  assertEquals(
    checkReport(report({
      incarnation: "7",
      containerId: "c&amp;",
      instanceId: "i&#10;",
      health: notReady("ProvisioningFailed", "\n d "),
    })),
    {
      incarnation: "7",
      containerId: "c&",
      instanceId: "i\n",
      health: {
        state: "NotReady",
        subStatus: "ProvisioningFailed",
        description: "\n d ",
      },
    },
  );
});
