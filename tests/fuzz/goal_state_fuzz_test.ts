import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type HttpResponse, responseText } from "../../lib/http/message.ts";
import { MAX_GOAL_STATE_BYTES } from "../../lib/wireserver/goal_state.ts";
import { attempt } from "./_attempt.ts";
import { checkGoalState } from "./_check_goal_state.ts";
import { fuzz } from "./_fuzz.ts";
import { brokenGoalState, goalState, NASTY_XML } from "./_goal_states.ts";
import { mutatedBytes } from "./_mutations.ts";
import { text } from "./_texts.ts";

const room = "goal state";

fuzz("parseGoalState() finds the ids, whichever way they are written", {
  room,
  runs: 1000,
  input: goalState,
  check: ({ ids, xml }) => assertEquals(checkGoalState(xml), ids),
});

fuzz("parseGoalState() gives ids that can be reported, or a GoalStateError", {
  room,
  runs: 2330,
  input: brokenGoalState,
  check: checkGoalState,
});

fuzz("parseGoalState() holds its own against changed bytes", {
  room,
  runs: 830,
  input: mutatedBytes(
    goalState.map(({ xml }) => new TextEncoder().encode(xml)),
  ),
  check: (body) => {
    const response: HttpResponse = {
      status: 200,
      reason: "",
      headers: new Map(),
      body,
    };
    const decoded = attempt(() => responseText(response), TypeError);
    if (decoded.ok) checkGoalState(decoded.value);
  },
});

fuzz("parseGoalState() takes no text that is not XML", {
  room,
  runs: 330,
  input: fc.oneof(text, fc.json(), fc.constantFrom(...NASTY_XML)),
  check: (input) => assertEquals(checkGoalState(input), undefined),
});

/** What no goal state may hold in its text, each on its own. */
const FORBIDDEN = fc.oneof(
  fc.constantFrom(
    "\0",
    "\x01",
    "\x1f",
    "\ufffe",
    "\uffff",
    "&#0;",
    "&#1;",
    "&#x1f;",
    "&#xD800;",
    "&#xDFFF;",
    "&#xFFFE;",
    "&#xFFFF;",
    "&#x110000;",
    "]]>",
    "& ",
    "&",
    "<",
  ),
  fc.constantFrom(
    ...Object.getOwnPropertyNames(Object.prototype),
    "nbsp",
    "b",
    "AMP",
    "",
  ).map((name) => `&${name};`),
);

fuzz(
  "parseGoalState() refuses entities, and characters that XML does not have",
  {
    room,
    runs: 330,
    input: fc.tuple(goalState, FORBIDDEN, fc.boolean()),
    check: ([{ xml }, forbidden, inId]) => {
      const place = inId
        ? /(?=<\/(?:g:)?InstanceId>)/
        : /(?=<\/(?:g:)?GoalState>)/;
      assertEquals(
        checkGoalState(xml.replace(place, () => forbidden)),
        undefined,
      );
    },
  },
);

fuzz("parseGoalState() refuses a DOCTYPE, wherever it is", {
  room,
  runs: 170,
  input: fc.tuple(
    goalState,
    fc.nat(),
    fc.constantFrom(...NASTY_XML.filter((it) => it.startsWith("<!DOCTYPE"))),
  ),
  check: ([{ xml }, at, doctype]) => {
    // Comments and the like may hold one: it would do nothing there.
    const plain = xml.replaceAll(
      /<!--.*?-->|<\?a.*?\?>|<!\[CDATA\[[^]*?\]\]>/g,
      "0",
    );
    const tags = [...plain.matchAll(/</g)].map(({ index }) => index);
    const place = tags[at % tags.length]!;
    assertEquals(
      checkGoalState(plain.slice(0, place) + doctype + plain.slice(place)),
      undefined,
    );
  },
});

/** Controls, and what turns a text around: no id has them. */
fuzz("parseGoalState() refuses an id with characters that cannot be seen", {
  room,
  runs: 170,
  input: fc.tuple(
    goalState,
    fc.constantFrom(
      0x9,
      0xa,
      0x7f,
      0x85,
      0x9b,
      0xad,
      0x61c,
      0x200b,
      0x200e,
      0x2028,
      0x2029,
      0x202e,
      0x2066,
      0x2069,
      0xfff9,
      0xe0041,
    ),
    fc.constantFrom("Incarnation", "ContainerId", "InstanceId"),
  ),
  check: ([{ xml }, code, name]) => {
    const prefix = xml.includes("<g:GoalState") ? "g:" : "";
    const start = `<${prefix}${name}>`;
    const broken = xml.replaceAll(start, () => `${start}0&#${code};0`);
    assertEquals(checkGoalState(broken), undefined);
  },
});

fuzz("parseGoalState() refuses elements nested too deeply, and too much text", {
  room,
  runs: 100,
  input: fc.tuple(
    goalState,
    fc.integer({ min: 64, max: 5000 }),
    fc.constantFrom("deep", "long"),
  ),
  check: ([{ xml }, count, how]) => {
    const added = how === "deep"
      ? "<a>".repeat(count) + "</a>".repeat(count)
      : " ".repeat(MAX_GOAL_STATE_BYTES) + "\n".repeat(count - 64);
    const place = /(?=<\/(?:g:)?GoalState>)/;
    assertEquals(checkGoalState(xml.replace(place, added)), undefined);
  },
});
