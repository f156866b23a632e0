import { assertEquals } from "@std/assert";
import {
  matchesList,
  matchesPattern,
  matchHolds,
} from "../../../../lib/parts/login/sshd/sshd_match.ts";

const USER = { name: "azure", uid: 1, home: "/h", groups: ["azure", "adm"] };

for (
  const [text, pattern, expected] of [
    ["azure", "azure", true],
    ["azure", "Azure", false],
    ["azure", "*", true],
    ["", "*", true],
    ["", "?", false],
    ["azure", "a*e", true],
    ["azure", "a*z*r*", true],
    ["azure", "a??re", true],
    ["azure", "a?re", false],
    ["azure", "azure*?", false],
    ["a.c", "a.c", true],
    ["abc", "a.c", false],
    ["aXbXc", "*X*X?", true],
    ["a".repeat(40), `${"*a".repeat(20)}b`, false],
  ] as const
) {
  Deno.test(`matchesPattern() says ${expected} of "${text}" and "${pattern}"`, () => {
    assertEquals(matchesPattern(text, pattern), expected);
  });
}

for (
  const [list, expected] of [
    ["azure", true],
    ["bob,azure", true],
    ["!azure,*", false],
    ["*,!azure", false],
    ["!bob", false],
    ["!bob,*", true],
  ] as const
) {
  Deno.test(`matchesList() says ${expected} of azure and "${list}"`, () => {
    assertEquals(matchesList("azure", list), expected);
  });
}

for (
  const [criteria, expected] of [
    ["all", "yes"],
    ["User azure", "yes"],
    ["user=azure", "yes"],
    ["User bob,az*", "yes"],
    ["User bob", "no"],
    ["Group adm", "yes"],
    ["Group *,!adm", "no"],
    ["Group wheel", "no"],
    ["Address 10.0.0.0/8", "maybe"],
    ["LocalPort 22 User azure", "maybe"],
    ["User bob Host *", "no"],
    ["invalid-user", "no"],
    ["Version x", "maybe"],
  ] as const
) {
  Deno.test(`matchHolds() says ${expected} of "${criteria}"`, () => {
    assertEquals(matchHolds(criteria, USER), expected);
  });
}

Deno.test("matchHolds() does not know about groups that are not known", () => {
  assertEquals(
    matchHolds("Group adm", { ...USER, groups: undefined }),
    "maybe",
  );
});
