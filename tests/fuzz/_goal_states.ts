import fc from "fast-check";
import type { GoalState } from "../../lib/wireserver/goal_state.ts";
import { mutate, mutations } from "./_mutations.ts";
import { word } from "./_texts.ts";

/** A goal state, and the ids that are in it. */
export interface WrittenGoalState {
  readonly ids: GoalState;
  readonly xml: string;
}

/** What a goal state's reader must pass over. */
const HARMLESS: readonly string[] = [
  "",
  " ",
  "\n  ",
  "\r\n\t",
  "<!-- <Incarnation>1</Incarnation> -->",
  "<?a b?>",
  "<x/>",
  "<x y='1' z=\"&lt;&#9;\"/>",
  "<x><Incarnation>0</Incarnation><InstanceId>no</InstanceId></x>",
  "<n:x xmlns:n='urn:n'><n:ContainerId/></n:x>",
  "<Machine><ExpectedState>Started</ExpectedState><LBProbePorts><Port>16001</Port></LBProbePorts></Machine>",
  "<Url>http://168.63.129.16:80/machine/?comp=config&amp;type=x&amp;incarnation=1</Url>",
];

/** What does not belong into a goal state, or not everywhere. */
export const NASTY_XML: readonly string[] = [
  "<!DOCTYPE a>",
  "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY c '&b;&b;'>]>",
  "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
  "<!ENTITY b 'c'>",
  "<![CDATA[",
  "]]>",
  "<![CDATA[<a>&b;]]>",
  "<!--",
  "-->",
  "<!-- -- -->",
  "<?xml version='1.1'?>",
  "<?xml version='1.0' encoding='utf-16'?>",
  "<?",
  "?>",
  "&",
  "&;",
  "&amp;",
  "&amp;lt;",
  "&nbsp;",
  "&b;",
  "&constructor;",
  "&toString;",
  "&hasOwnProperty;",
  "&__proto__;",
  "&#0;",
  "&#x0;",
  "&#1;",
  "&#10;",
  "&#133;",
  "&#xA0;",
  "&#xAD;",
  "&#x202E;",
  "&#xD800;",
  "&#xDFFF;",
  "&#xFFFE;",
  "&#xFFFF;",
  "&#x110000;",
  "&#x1F600;",
  "&#99999999999999999999;",
  "&#x;",
  "&#-1;",
  "&#;",
  "<",
  ">",
  "</",
  "/>",
  "<a",
  "<a>",
  "</a>",
  "<a b>",
  "<a b=c/>",
  "<a b='<'/>",
  "<a b='1' b='2'/>",
  "<a xmlns='urn:x'>",
  "<p:a/>",
  "<a:b:c/>",
  "<:a/>",
  "<1/>",
  "<a xmlns:xml='urn:x'/>",
  "<a xmlns:p=''/>",
  "<__proto__/>",
  "<constructor __proto__='1'/>",
  "<GoalState>",
  "</GoalState>",
  "<Incarnation>",
  "<Incarnation/>",
  "<Incarnation>2</Incarnation>",
  "<RoleInstance>",
  "<RoleInstance/>",
  "<InstanceId> </InstanceId>",
  "</Container>",
  "\ufeff",
];

/**
 * An id as the platform could send one: printable, and nothing that XML cannot
 * hold; no blanks around it.
 */
export const id: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.uuid() },
  {
    weight: 2,
    arbitrary: fc.string({ minLength: 1, maxLength: 40 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("]]>", "<a>&b;", "&amp;", "__proto__", "0 1"),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  },
).map(printable).map((text) => text === "" ? "0" : text);

const incarnation: fc.Arbitrary<string> = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom("1", "007", "18446744073709551615", "9".repeat(40)),
);

/** How each character of a text is written: the styles are taken in turns. */
const styles = fc.array(
  fc.constantFrom(
    ...["plain", "plain", "decimal", "hex", "CDATA", "comment", "PI"] as const,
  ),
  { minLength: 1, maxLength: 5 },
);
type Style = typeof styles extends fc.Arbitrary<(infer S)[]> ? S : never;

const harmless = fc.constantFrom(...HARMLESS);

/** A goal state whose ids must be found, whichever way it is written. */
export const goalState: fc.Arbitrary<WrittenGoalState> = fc.record({
  ids: fc.record({ incarnation, containerId: id, instanceId: id }),
  styles,
  around: fc.array(harmless, { minLength: 8, maxLength: 8 }),
  blanks: fc.constantFrom("", " ", "\n\t", "\r\n"),
  mark: fc.constantFrom("", "", "\ufeff"),
  declaration: fc.constantFrom(
    "",
    "<?xml version='1.0'?>",
    '<?xml version="1.0" encoding="utf-8"?>\r\n',
  ),
  prefix: fc.constantFrom("", "", "g:"),
  containerFirst: fc.boolean(),
  roles: fc.integer({ min: 0, max: 2 }),
}).map((parts) => ({ ids: parts.ids, xml: write(parts) }));

interface GoalStateParts {
  readonly ids: GoalState;
  readonly styles: readonly Style[];
  readonly around: readonly string[];
  readonly blanks: string;
  readonly mark: string;
  readonly declaration: string;
  readonly prefix: string;
  readonly containerFirst: boolean;
  readonly roles: number;
}

function write(parts: GoalStateParts): string {
  const { ids, styles, around, blanks, prefix } = parts;
  const element = (name: string, content: string, attributes = "") =>
    `<${prefix}${name}${attributes}>${content}</${prefix}${name}>`;
  const leaf = (name: string, text: string) =>
    element(name, blanks + encode(text, styles) + blanks);
  const incarnation = leaf("Incarnation", ids.incarnation);
  const container = element(
    "Container",
    around[0] + leaf("ContainerId", ids.containerId) + around[1] +
      element(
        "RoleInstanceList",
        around[2] +
          element(
            "RoleInstance",
            around[3] + leaf("InstanceId", ids.instanceId) + around[4],
          ) +
          element("RoleInstance", leaf("InstanceId", "another"))
            .repeat(parts.roles),
      ),
  );
  const children = parts.containerFirst
    ? container + around[5] + incarnation
    : incarnation + around[5] + container;
  const namespaces = prefix === "" ? "" : " xmlns:g='urn:g'";
  return parts.mark + parts.declaration +
    element(
      "GoalState",
      // Elements of these names elsewhere are not at their own place.
      around[6] + children + around[7],
      namespaces,
    );
}

function encode(text: string, styles: readonly Style[]): string {
  let xml = "";
  let index = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    switch (styles[index++ % styles.length]!) {
      case "decimal":
        xml += `&#${code};`;
        break;
      case "hex":
        xml += `&#x${code.toString(16)};`;
        break;
      case "CDATA":
        xml += `<![CDATA[${character}]]>`;
        break;
      case "comment":
        xml += `<!--${index}-->${escape(character)}`;
        break;
      case "PI":
        xml += `<?a ${index}?>${escape(character)}`;
        break;
      case "plain":
        xml += escape(character);
    }
  }
  return xml;
}

function escape(character: string): string {
  return character.replace(/[<>&]/, (it) => `&#${it.charCodeAt(0)};`);
}

/** Leaves what neither XML nor a goal state's reader takes out of an id. */
function printable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "")
    .trim();
}

/** Goal states with one to six of their tags, texts and so on changed. */
export const brokenGoalState: fc.Arbitrary<string> = fc.tuple(
  goalState,
  mutations(fc.oneof(fc.constantFrom(...NASTY_XML), word), 70),
).map(([{ xml }, changes]) =>
  mutate(xml.match(/<[^>]*>|[^<]+/g) ?? [], changes).join("")
);
