import { assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { checkHostName } from "./_check_host_name.ts";
import { fuzz } from "./_fuzz.ts";
import { text } from "./_texts.ts";

const room = "host name";

const label = fc.stringMatching(
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
);

fuzz("toHostName() keeps to its rules, whatever the name", {
  room,
  runs: 1000,
  input: fc.oneof(text, fc.string({ maxLength: 300 })),
  check: checkHostName,
});

fuzz("toHostName() keeps to its rules for names that are nearly right", {
  room,
  runs: 1670,
  input: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: label },
      {
        weight: 4,
        arbitrary: fc.constantFrom(".", "-", "_", "..", "0", "123", "a", "Z"),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          " ",
          "\n",
          "\0",
          "/",
          "\u00e4",
          "\u212a",
          "\u0130",
          "\uff0e",
          "\u3002",
          "x".repeat(60),
          "1".repeat(64),
        ),
      },
    ),
    { maxLength: 9 },
  ).map((parts) => parts.join("")),
  check: checkHostName,
});

fuzz("toHostName() takes every name that is right", {
  room,
  runs: 330,
  input: fc.tuple(label, fc.constantFrom("a", "Z9", "x-1")).map(
    ([first, last]) =>
      first.length + last.length < 64 ? `${first}.${last}` : last,
  ),
  check: (name) => assertNotEquals(checkHostName(name), undefined),
});
