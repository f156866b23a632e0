import type { Scenario } from "../_scenario.ts";

/** A field of an SSH key: its length in four bytes, then as many. */
function field(text: string): string {
  return `\0\0\0${String.fromCharCode(text.length)}${text}`;
}

const BODY = btoa(field("ssh-ed25519") + field("k".repeat(32)));
const KEY = `ssh-ed25519 ${BODY}`;
const USER = "--admin-username=azureuser";
const MADE = 'user: Created admin user "azureuser"';

const NO_USER = "cannot be the admin user: ";
const NO_KEY = "Error: Cannot use SSH keys of the instance metadata: ";
const MOST_USER_DATA = 64 * 1024;

/** What the metadata may ask for beside a name, well and ill; a VM that does not get it is not ready. */
export const LOGIN_SCENARIOS: readonly Scenario[] = [
  {
    name: "names a user",
    faults: [],
    vm: [USER],
    expected: { line: MADE },
  },
  {
    name: "names a user with capitals and dots",
    faults: [],
    vm: ["--admin-username=Jo.Ann-2_"],
    expected: { line: 'user: Created admin user "Jo.Ann-2_"' },
  },
  {
    name: "names a user, who is left out",
    faults: [],
    vm: ["--admin-username=root", `--public-key=${KEY}`],
    args: ["--without=user,ssh-keys"],
    expected: { line: "Provisioned: " },
  },
  ...([
    ["root", "it is the system's own user"],
    ["daemon", "the system has an account of that name"],
    ["-rf", 'it starts with "-", not with a letter or "_"'],
    ["1000", 'it starts with "1", not with a letter or "_"'],
    ["a:b", 'it contains ":", and only letters'],
    ["../../etc", 'it contains "/", and only letters'],
    ["a;reboot", 'it contains ";", and only letters'],
    ["$(reboot)", 'it contains "$", and only letters'],
    ["ALL ALL=(ALL)", "it contains U+0020, and only letters"],
    ["a\nroot::0:0::/:/bin/sh", 'it contains ":", and only letters'],
    ["a\n<3>Provisioned", "it contains U+000A, and only letters"],
    ["\u001b[2J", "it contains U+001B, and only letters"],
    ["\u202eresu", "it contains U+202E, and only letters"],
    ["\u{1f600}", "it contains U+1F600, and only letters"],
    ["u".repeat(33), "it is over 32 bytes long"],
    ["u".repeat(100_000), "it is over 32 bytes long"],
  ] as const).map(([name, reason]): Scenario => ({
    name: `names a user ${describe(name)}`,
    faults: [],
    vm: [`--admin-username=${name}`],
    expected: {
      code: 65,
      line: reason.includes(":") ? NO_USER : `${NO_USER}${reason}`,
      reported: "admin_user_invalid: ",
    },
  })),
  ...([
    ["a key", KEY],
    [
      "a key with line ends in it",
      `${KEY.slice(0, 40)}\r\n${KEY.slice(40)}\r\n`,
    ],
    ["a key with a comment that would clear the terminal", `${KEY} \u001b[2J`],
  ] as const).map(([what, key]): Scenario => ({
    name: `has ${what} for a user`,
    faults: [],
    vm: [USER, `--public-key=${key}`],
    expected: { line: 'ssh-keys: SSH keys of "azureuser" written: 1' },
  })),
  ...([
    ["a text for a key", "not a key", "key 1: it does not start with"],
    ["a key that is cut off", KEY.slice(0, -8), "key 1: its body is cut off"],
    [
      "a key of another type than it says",
      `ssh-rsa ${BODY}`,
      "key 1: its body is of another type than it says",
    ],
    [
      "a private key for a key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk",
      "key 1: it is a private key",
    ],
    [
      "a key with a command in front",
      `command="reboot" ${KEY}`,
      "key 1: it has options in front of the key",
    ],
    [
      "two keys in one",
      `${KEY}\n${KEY}`,
      "key 1: it contains more than one key",
    ],
    [
      "a key that would forge a line of the log",
      "\u001b[2J\n<3>Provisioned: forged",
      "key 1: it does not start with",
    ],
    [
      "a key of 100,000 characters",
      "ssh-ed25519 ".padEnd(100_000, "A"),
      "key 1: it is over 16384 characters long",
    ],
  ] as const).map(([what, key, reason]): Scenario => ({
    name: `has ${what}`,
    faults: [],
    vm: [USER, `--public-key=${key}`],
    expected: {
      code: 65,
      line: `${NO_KEY}${reason}`,
      reported: "ssh_key_invalid: ",
    },
  })),
  {
    name: "has a key and what is none",
    faults: [],
    vm: [USER, `--public-key=${KEY}`, "--public-key=none"],
    expected: {
      code: 65,
      line: `${NO_KEY}key 2: `,
      reported: "ssh_key_invalid: ",
    },
  },
  {
    name: "has keys, but names no user",
    faults: [],
    vm: [`--public-key=${KEY}`],
    args: ["--log-level=debug"],
    expected: { line: "ssh-keys: not asked for" },
  },
  {
    name: "has user data",
    faults: [],
    vm: ["--user-data=#!/bin/sh\nreboot\n"],
    expected: { line: "userdata: Wrote 17 bytes of user data to " },
  },
  {
    name: "has as much user data as is allowed",
    faults: [],
    vm: [`--user-data=${"x".repeat(MOST_USER_DATA)}`],
    expected: { line: "userdata: Wrote 65536 bytes of user data to " },
  },
  {
    name: "has too much user data",
    faults: [],
    vm: [`--user-data=${"x".repeat(MOST_USER_DATA + 1)}`],
    expected: {
      code: 65,
      line: "Error: The user data in the metadata is over 65536 bytes",
      reported: "user_data_too_large: ",
    },
  },
  {
    name: "has user data that is not base64",
    faults: ["bad-user-data"],
    expected: {
      code: 65,
      line: "Error: The user data in the metadata is not base64",
      reported: "user_data_invalid: ",
    },
  },
  {
    name: "has user data that is not base64, which is left out",
    faults: ["bad-user-data"],
    args: ["--without=userdata"],
    expected: { line: "Provisioned: " },
  },
  {
    name: "has a user, keys and user data of other types",
    faults: ["odd-login"],
    args: ["--log-level=debug"],
    expected: { line: "user: not asked for" },
  },
  {
    name: "names a user, and fails first",
    faults: ["503@goal-state=1", "503@metadata=1", "503@health=1"],
    vm: [USER, `--public-key=${KEY}`, "--user-data=x"],
    timeoutS: 8,
    expected: {
      requests: {
        "goal-state": "503 200",
        metadata: "503 200",
        health: "503 200",
      },
      line: MADE,
    },
  },
];

/** A name of a scenario is a row of a table. */
function describe(name: string): string {
  if (name.length > 32) return `of ${name.length} characters`;
  const text = JSON.stringify(name).replaceAll(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `called ${text}`;
}
