import { assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { SSH_KEYS } from "../helpers/ssh_keys.ts";
import {
  checkAnyUserName,
  checkKey,
  checkKeysFile,
  checkPassword,
  checkSystemFiles,
} from "./_check_login.ts";
import { fuzz } from "./_fuzz.ts";
import { NASTY_WORDS, text } from "./_texts.ts";

const room = "login";
const keys = Object.values(SSH_KEYS);
const key = fc.constantFrom(...keys);

fuzz("checkUserName() keeps to its rules, whatever the name", {
  room,
  runs: 600,
  input: fc.oneof(
    text,
    fc.string({ maxLength: 40 }),
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,34}$/),
  ),
  check: checkAnyUserName,
});

fuzz("passwordProblem() takes what can be set as it is, and nothing else", {
  room,
  runs: 600,
  input: fc.oneof(
    text,
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", minLength: 100, maxLength: 520 }),
    fc.array(fc.constantFrom(...NASTY_WORDS)).map((words) => words.join("")),
  ),
  check: checkPassword,
});

fuzz("cleanSshKey() keeps to its rules, whatever the text", {
  room,
  runs: 400,
  input: fc.oneof(text, fc.tuple(key, text).map((parts) => parts.join(" "))),
  check: checkKey,
});

fuzz("cleanSshKey() keeps to its rules for keys with something put into them", {
  room,
  runs: 600,
  input: fc.tuple(
    key,
    fc.nat(),
    fc.nat(4),
    fc.oneof(fc.constantFrom(...NASTY_WORDS), key),
  ).map(([line, place, length, word]) => {
    const at = place % (line.length + 1);
    return line.slice(0, at) + word + line.slice(at + length);
  }),
  check: checkKey,
});

fuzz("cleanSshKey() takes a key wherever its body is broken", {
  room,
  runs: 400,
  input: fc.tuple(
    key,
    fc.array(fc.nat(), { maxLength: 20 }),
    fc.constantFrom("\n", "\r\n", "\r", "\n\n", " \r\n"),
  ).map(([line, places, end]) => {
    const start = line.indexOf(" ") + 1;
    let broken = line;
    for (const place of places) {
      const at = start + place % (line.length - start);
      broken = broken.slice(0, at) + end + broken.slice(at);
    }
    return broken;
  }),
  check: (keyData) => assertNotEquals(checkKey(keyData), undefined),
});

fuzz("withKeys() keeps what is there, whatever it is", {
  room,
  runs: 400,
  input: fc.tuple(
    fc.array(fc.oneof(text, key, fc.constantFrom("\n", " ", '"', "#")), {
      maxLength: 8,
    }).map((parts) => new TextEncoder().encode(parts.join(""))),
    fc.subarray(keys),
  ),
  check: ([bytes, lines]) => checkKeysFile(bytes, lines),
});

fuzz("the system's files are read, whatever is in them", {
  room,
  runs: 300,
  input: fc.array(
    fc.oneof(
      text,
      fc.constantFrom("root:", "x:0:0:", "\n", ":", "Include ", "Match ", "9"),
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join("")),
  check: checkSystemFiles,
});
