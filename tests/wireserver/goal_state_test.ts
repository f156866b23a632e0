import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  GoalStateError,
  MAX_GOAL_STATE_BYTES,
  parseGoalState,
} from "../../lib/wireserver/goal_state.ts";
import { MAX_MARKS } from "../../lib/xml/parse_xml.ts";

const IDS = {
  incarnation: "42",
  containerId: "7b324f53-983a-43bc-b919-1775d6077608",
  instanceId: "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
};

/** The shape that is seen on real platforms. */
const REAL = `<?xml version="1.0" encoding="utf-8"?>
<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="goalstate10.xsd">
  <Version>2012-11-30</Version>
  <Incarnation>42</Incarnation>
  <Machine>
    <ExpectedState>Started</ExpectedState><StopRolesDeadlineHint>300000</StopRolesDeadlineHint>
    <LBProbePorts><Port>16001</Port></LBProbePorts><ExpectHealthReport>FALSE</ExpectHealthReport>
  </Machine>
  <Container>
    <ContainerId>7b324f53-983a-43bc-b919-1775d6077608</ContainerId>
    <RoleInstanceList><RoleInstance>
      <InstanceId>fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1</InstanceId><State>Started</State>
      <Configuration><HostingEnvironmentConfig>http://168.63.129.16:80/machine/?comp=config&amp;type=hostingEnvironmentConfig&amp;incarnation=42</HostingEnvironmentConfig></Configuration>
    </RoleInstance></RoleInstanceList>
  </Container>
</GoalState>`;

const INCARNATION = "<Incarnation>42</Incarnation>";
const CONTAINER_ID = `<ContainerId>${IDS.containerId}</ContainerId>`;
const INSTANCE_ID = `<InstanceId>${IDS.instanceId}</InstanceId>`;

/** A small goal state, of these parts. */
function goalState(
  {
    incarnation = INCARNATION,
    containerId = CONTAINER_ID,
    instanceId = INSTANCE_ID,
  } = {},
): string {
  return `<GoalState>${incarnation}<Container>${containerId}<RoleInstanceList><RoleInstance>${instanceId}</RoleInstance></RoleInstanceList></Container></GoalState>`;
}

const ACCEPTED: Readonly<Record<string, string>> = {
  "the shape of real platforms": REAL,
  "a byte order mark": `\ufeff${REAL}`,
  "Windows line ends": REAL.replaceAll("\n", "\r\n"),
  "no XML declaration": goalState(),
  "a default namespace": goalState().replace(
    "<GoalState>",
    '<GoalState xmlns="urn:a">',
  ),
  "prefixed names": goalState().replaceAll(/<(\/?)/g, "<$1a:").replace(
    "<a:GoalState>",
    '<a:GoalState xmlns:a="urn:a">',
  ),
  "CDATA": goalState({
    incarnation: "<Incarnation><![CDATA[42]]></Incarnation>",
    instanceId: `<InstanceId><![CDATA[${IDS.instanceId}]]></InstanceId>`,
  }),
  "a value in pieces of text and CDATA": goalState({
    incarnation: "<Incarnation>4<![CDATA[2]]></Incarnation>",
  }),
  "character references": goalState({
    incarnation: "<Incarnation>&#52;&#x32;</Incarnation>",
  }),
  "comments between and within values": goalState({
    incarnation:
      "<!-- <Incarnation>1</Incarnation> --><Incarnation>4<!-- 1 -->2</Incarnation>",
  }),
  "processing instructions": goalState({
    incarnation: `<?a b?>${INCARNATION}`,
  }),
  "blanks around values": goalState({
    incarnation: "<Incarnation>\r\n\t 42 \n</Incarnation>",
    containerId: `<ContainerId> ${IDS.containerId}\n</ContainerId>`,
    instanceId: `<InstanceId>\n${IDS.instanceId} </InstanceId>`,
  }),
  "attributes": goalState({
    incarnation: '<Incarnation a="1">42</Incarnation>',
  }),
  "unknown elements": goalState({
    incarnation: `<New><Newer/></New>${INCARNATION}`,
    containerId: `<New>1</New>${CONTAINER_ID}`,
    instanceId: `<New>1</New>${INSTANCE_ID}<New/>`,
  }),
  "elements within a value": goalState({
    incarnation: "<Incarnation>42<New>1</New></Incarnation>",
  }),
  "several role instances, the first of which counts": goalState({
    instanceId:
      `${INSTANCE_ID}</RoleInstance><RoleInstance><InstanceId>second</InstanceId>`,
  }),
  "the same element names nested elsewhere": goalState({
    incarnation:
      `<Machine><Incarnation>1</Incarnation><Container><ContainerId>x</ContainerId></Container><InstanceId>x</InstanceId></Machine>${INCARNATION}`,
    containerId:
      `<Old><ContainerId>x</ContainerId><RoleInstanceList><RoleInstance><InstanceId>x</InstanceId></RoleInstance></RoleInstanceList></Old>${CONTAINER_ID}`,
    instanceId:
      `<Configuration><InstanceId>x</InstanceId></Configuration>${INSTANCE_ID}`,
  }),
  "another protocol version": REAL.replace("2012-11-30", "2015-04-05"),
  "a body just under the limit": goalState().padEnd(
    MAX_GOAL_STATE_BYTES,
    "\n",
  ),
  "as many tags as are read": goalState({
    incarnation: `${emptyElements(MAX_MARKS)}${INCARNATION}`,
  }),
  "sixty levels of unknown elements": goalState({
    incarnation: `${nested(60)}${INCARNATION}`,
  }),
};

for (const [what, xml] of Object.entries(ACCEPTED)) {
  Deno.test(`parseGoalState() takes ${what}`, () => {
    assertEquals(parseGoalState(xml), IDS);
  });
}

const NO_ROLE = /^The goal state has no RoleInstance and so no InstanceId$/;
const NOT_XML = /^The goal state cannot be parsed: \S/;

const REJECTED: Readonly<Record<string, readonly [xml: string, RegExp]>> = {
  "without an Incarnation": [
    goalState({ incarnation: "" }),
    /^The goal state has no Incarnation in its GoalState$/,
  ],
  "with an empty Incarnation": [
    goalState({ incarnation: "<Incarnation/>" }),
    /^The goal state has an empty Incarnation in its GoalState$/,
  ],
  "with a blank Incarnation": [
    goalState({ incarnation: "<Incarnation> \n </Incarnation>" }),
    /^The goal state has an empty Incarnation in its GoalState$/,
  ],
  "with an Incarnation that holds only an element": [
    goalState({ incarnation: "<Incarnation><A>1</A></Incarnation>" }),
    /^The goal state has an empty Incarnation in its GoalState$/,
  ],
  "with an Incarnation elsewhere only": [
    goalState({ incarnation: `<Machine>${INCARNATION}</Machine>` }),
    /^The goal state has no Incarnation in its GoalState$/,
  ],
  "without a Container": [
    `<GoalState>${INCARNATION}</GoalState>`,
    /^The goal state has no ContainerId in its GoalState$/,
  ],
  "without a ContainerId": [
    goalState({ containerId: "" }),
    /^The goal state has no ContainerId in its Container$/,
  ],
  "with an empty ContainerId": [
    goalState({ containerId: "<ContainerId></ContainerId>" }),
    /^The goal state has an empty ContainerId in its Container$/,
  ],
  "without a RoleInstanceList": [
    `<GoalState>${INCARNATION}<Container>${CONTAINER_ID}</Container></GoalState>`,
    NO_ROLE,
  ],
  "with an empty RoleInstanceList": [
    `<GoalState>${INCARNATION}<Container>${CONTAINER_ID}<RoleInstanceList/></Container></GoalState>`,
    NO_ROLE,
  ],
  "with Role in place of RoleInstance": [
    goalState().replaceAll("RoleInstance>", "Role>"),
    NO_ROLE,
  ],
  "without an InstanceId": [
    goalState({ instanceId: "<State>Started</State>" }),
    /^The goal state has no InstanceId in its RoleInstance$/,
  ],
  "with an empty InstanceId": [
    goalState({ instanceId: "<InstanceId/>" }),
    /^The goal state has an empty InstanceId in its RoleInstance$/,
  ],
  "with names in another case": [
    goalState({ incarnation: "<incarnation>42</incarnation>" }),
    /^The goal state has no Incarnation in its GoalState$/,
  ],
  "that is another document": [
    "<html><body>Busy</body></html>",
    /^The goal state is a "html" document in place of "GoalState"$/,
  ],
  "that is the error body of the platform": [
    "<Error><Code>ResourceNotAvailable</Code></Error>",
    /^The goal state is a "Error" document in place of "GoalState"$/,
  ],
  "that is empty": ["", NOT_XML],
  "that is blank": [" \n", NOT_XML],
  "that is text": ["Service Unavailable", NOT_XML],
  "that is JSON": ['{"Incarnation": 42}', NOT_XML],
  "that is a HTML page with a DOCTYPE": [
    "<!DOCTYPE html><html><body><h2>503</h2></body></html>",
    NOT_XML,
  ],
  "with a DOCTYPE": [`<!DOCTYPE GoalState>${goalState()}`, NOT_XML],
  "with an entity bomb": [
    `<!DOCTYPE GoalState [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${
      goalState({ incarnation: "<Incarnation>&b;</Incarnation>" })
    }`,
    NOT_XML,
  ],
  "with an entity that objects inherit": [
    goalState({ containerId: "<ContainerId>&constructor;</ContainerId>" }),
    /Unknown entity "&constructor;"/,
  ],
  "with an unknown entity": [
    goalState({ incarnation: "<Incarnation>&nbsp;42</Incarnation>" }),
    NOT_XML,
  ],
  "with a bare ampersand": [
    goalState({ incarnation: "<Incarnation>4 & 2</Incarnation>" }),
    NOT_XML,
  ],
  "that is cut off": [REAL.slice(0, REAL.length - 20), NOT_XML],
  "with crossed tags": [
    goalState({ incarnation: "<Incarnation>42</ContainerId>" }),
    NOT_XML,
  ],
  "with two roots": [`${goalState()}<A/>`, NOT_XML],
  "with text after its root": [`${goalState()}x`, NOT_XML],
  "nested past the limit": [
    goalState({ incarnation: `${nested(64)}${INCARNATION}` }),
    NOT_XML,
  ],
  "nested eight thousand levels deep": [
    goalState({ incarnation: `${nested(8000)}${INCARNATION}` }),
    NOT_XML,
  ],
  "with a line end within an InstanceId": [
    goalState({ instanceId: "<InstanceId>i\nReady</InstanceId>" }),
    /^The goal state has a control character in its InstanceId$/,
  ],
  "with a control character in a ContainerId": [
    goalState({ containerId: "<ContainerId>c\u009b1</ContainerId>" }),
    /^The goal state has a control character in its ContainerId$/,
  ],
  "with a reference to a control character in an Incarnation": [
    goalState({ incarnation: "<Incarnation>4&#10;2</Incarnation>" }),
    /^The goal state has a control character in its Incarnation$/,
  ],
  "with a character that changes the direction in an InstanceId": [
    goalState({ instanceId: "<InstanceId>i\u202e1</InstanceId>" }),
    /^The goal state has a control character in its InstanceId$/,
  ],
  "with a line separator in an InstanceId": [
    goalState({ instanceId: "<InstanceId>i\u20281</InstanceId>" }),
    /^The goal state has a control character in its InstanceId$/,
  ],
  "with half a character in an InstanceId": [
    goalState({ instanceId: "<InstanceId>i\ud8001</InstanceId>" }),
    /a control character in its InstanceId$|cannot be parsed/,
  ],
  "with a character that XML does not have in a ContainerId": [
    goalState({ containerId: "<ContainerId>c\uffff1</ContainerId>" }),
    /a control character in its ContainerId$|cannot be parsed/,
  ],
  "that is another document with an endless name": [
    `<${"a".repeat(60_000)}/>`,
    /^The goal state is a "a{80}\.\.\." document in place of "GoalState"$/,
  ],
  "with an unknown entity with an endless name": [
    goalState({
      incarnation: `<Incarnation>&${"a".repeat(9999)};</Incarnation>`,
    }),
    /^The goal state cannot be parsed: [^]{1,303}$/,
  ],
  "with more tags than are read": [
    goalState({
      incarnation: `${emptyElements(MAX_MARKS + 1)}${INCARNATION}`,
    }),
    /^The goal state cannot be parsed: It has over 65536 tags and entities$/,
  ],
  "with more entities than are read": [
    goalState({
      incarnation: `<A>${"&amp;".repeat(MAX_MARKS)}</A>${INCARNATION}`,
    }),
    /^The goal state cannot be parsed: It has over 65536 tags and entities$/,
  ],
  "over 1 MiB": [
    goalState().padEnd(MAX_GOAL_STATE_BYTES + 1, "\n"),
    /^The goal state is over 1048576 bytes$/,
  ],
};

for (const [what, [xml, message]] of Object.entries(REJECTED)) {
  Deno.test(`parseGoalState() rejects a goal state ${what}`, () => {
    const error = assertThrows(() => parseGoalState(xml), GoalStateError);
    assertMatch(error.message, message);
    assertEquals(
      error.key,
      message === NO_ROLE
        ? "goal_state_no_role_instance"
        : "goal_state_invalid",
    );
  });
}

/** So many that the goal state has a number of tags with them. */
function emptyElements(tags: number): string {
  return "<A/>".repeat(tags - goalState().split("<").length + 1);
}

function nested(depth: number): string {
  return "<A>".repeat(depth) + "</A>".repeat(depth);
}
