/**
 * What the platform sends may hold passwords, keys and signed addresses; none of
 * it may ever be in a message, and so in a log or a report.
 *
 * @module
 */

import { assert } from "@std/assert";
import fc from "fast-check";
import {
  GoalStateError,
  parseGoalState,
} from "../../lib/wireserver/goal_state.ts";
import { attempt } from "./_attempt.ts";
import { checkInstance } from "./_check_instance.ts";
import { fuzz } from "./_fuzz.ts";
import { goalState, NASTY_XML } from "./_goal_states.ts";
import { instance } from "./_instances.ts";
import { mutate, mutations } from "./_mutations.ts";
import { word } from "./_texts.ts";

const room = "secrets";

const SECRET = "hunter2hunter2";

const secretMembers = fc.constantFrom(
  `"userData":"${SECRET}"`,
  `"customData":"${SECRET}"`,
  `"adminPassword":"${SECRET}"`,
  `"publicKeys":[{"keyData":"${SECRET}"}]`,
  `"tagsList":[{"name":"token","value":"${SECRET}"}]`,
  `"vmId":["${SECRET}"]`,
  `"name":{"a":"${SECRET}"}`,
  `"osProfile":{"adminPassword":"${SECRET}","computerName":1}`,
  `"${SECRET}":1`,
);

fuzz("no message quotes the metadata's secrets", {
  room,
  runs: 500,
  input: fc.tuple(
    instance,
    secretMembers,
    fc.option(mutations(fc.constantFrom("{", "}", "\\", ",", "]", "\0")), {
      nil: [],
    }),
  ),
  check: ([{ json }, member, changes]) => {
    const secretive = json.replace(
      '"compute":{',
      (start) => `${start}${member}${json.includes(`${start}}`) ? "" : ","}`,
    );
    const tokens = secretive.match(/"(?:[^"\\]|\\.)*"|[^"]/g) ?? [];
    const { instance, words } = checkInstance(mutate(tokens, changes).join(""));
    // A change can put it into the place of a name.
    const isName = Object.values(instance ?? {}).includes(SECRET);
    assert(isName || !words.join().includes(SECRET), words.join());
  },
});

const secretElements = fc.constantFrom(
  `<Password>${SECRET}</Password>`,
  `<Url>http://a/b?sv=1&amp;sig=${SECRET}</Url>`,
  `<Url>http://a/b?sv=1&sig=${SECRET}</Url>`,
  `<Certificate key="${SECRET}"/>`,
  `<Certificate key='${SECRET}/>`,
  `<!-- ${SECRET} -->`,
  `<![CDATA[${SECRET}]]>`,
  `<?a ${SECRET}?>`,
);

fuzz("no message quotes the goal state's secrets", {
  room,
  runs: 830,
  input: fc.tuple(
    goalState,
    secretElements,
    fc.option(mutations(fc.oneof(fc.constantFrom(...NASTY_XML), word)), {
      nil: [],
    }),
  ),
  check: ([{ xml }, element, changes]) => {
    const secretive = xml.replace(
      /(?=<(?:g:)?(?:Incarnation|Container)>)/,
      () => element,
    );
    const tokens = secretive.match(/<[^>]*>|[^<]+/g) ?? [];
    const outcome = attempt(
      () => parseGoalState(mutate(tokens, changes).join("")),
      GoalStateError,
    );
    if (outcome.ok) return;
    const { message } = outcome.error;
    assert(!message.includes(SECRET), message);
  },
});
