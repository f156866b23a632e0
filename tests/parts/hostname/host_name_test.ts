import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  hostNameFrom,
  toHostName,
} from "../../../lib/parts/hostname/host_name.ts";
import {
  ExitCode,
  ProvisioningError,
} from "../../../lib/provisioning_error.ts";
import { recordingLog } from "../../helpers/recording_log.ts";

const DOT = "without its trailing dot";
const UNDERSCORE = 'with "-" in place of "_"';
const CUT = "cut at its first dot, as it was too long";

/** The name as given, the host name, and what was changed about it. */
const ACCEPTED: readonly (readonly [
  raw: string,
  name: string,
  ...changes: string[],
])[] = [
  ["vm", "vm"],
  ["v", "v"],
  ["x000000", "x000000"],
  ["web-01", "web-01"],
  ["a--b", "a--b"],
  ["xn--mnchen-3ya", "xn--mnchen-3ya"],
  ["MyVM", "MyVM"],
  ["vm.example.test", "vm.example.test"],
  ["1a", "1a"],
  ["0x10", "0x10"],
  ["1.2.3.4a", "1.2.3.4a"],
  ["10.in-addr", "10.in-addr"],
  ["vm.", "vm", DOT],
  ["vm...", "vm", DOT],
  ["vm.example.test.", "vm.example.test", DOT],
  ["x_0", "x-0", UNDERSCORE],
  ["a_b_c", "a-b-c", UNDERSCORE],
  ["x_0.", "x-0", DOT, UNDERSCORE],
  ["a".repeat(63), "a".repeat(63)],
  [`${"a".repeat(62)}.b`, `${"a".repeat(62)}.b`],
  [
    `${"a".repeat(31)}.${"b".repeat(32)}`,
    `${"a".repeat(31)}.${"b".repeat(32)}`,
  ],
  [`${"a".repeat(63)}.`, "a".repeat(63), DOT],
  [`${"a".repeat(31)}.${"b".repeat(33)}`, "a".repeat(31), CUT],
  [`${"a".repeat(63)}.example.test`, "a".repeat(63), CUT],
  [`a_b.${"c".repeat(80)}.`, "a-b", DOT, UNDERSCORE, CUT],
];

for (const [raw, name, ...changes] of ACCEPTED) {
  Deno.test(`toHostName() makes "${name}" of "${raw}"`, () => {
    assertEquals(toHostName(raw), { ok: true, name, changes, limits: [] });
  });
}

const IN_DNS = "DNS cannot have it, as it takes 63 bytes without a dot";
const LOOKED_UP =
  "it cannot be looked up, as a name that ends in a number is read as an IP address";

/** Names that Azure takes for Linux and DNS does not: the host name, and what it cannot do. */
const LIMITED: readonly (readonly [
  raw: string,
  name: string,
  ...limits: string[],
])[] = [
  ["a".repeat(64), "a".repeat(64), IN_DNS],
  [`${"a".repeat(64)}.`, "a".repeat(64), IN_DNS],
  [`${"a".repeat(64)}.b`, "a".repeat(64), IN_DNS],
  ["127", "127", LOOKED_UP],
  ["0", "0", LOOKED_UP],
  ["7".repeat(63), "7".repeat(63), LOOKED_UP],
  ["7".repeat(64), "7".repeat(64), IN_DNS, LOOKED_UP],
  ["vm.1", "vm.1", LOOKED_UP],
  ["1.2", "1.2", LOOKED_UP],
  ["10.0.0.4", "10.0.0.4", LOOKED_UP],
  ["10.0.0.4.", "10.0.0.4", LOOKED_UP],
];

for (const [raw, name, ...limits] of LIMITED) {
  Deno.test(`toHostName() takes "${raw}", and says what it cannot do`, () => {
    const result = toHostName(raw);
    assert(result.ok);
    assertEquals([result.name, ...result.limits], [name, ...limits]);
  });
}

Deno.test("the journal says what a name cannot do", () => {
  const log = recordingLog();
  assertEquals(hostNameFrom({ computerName: "127" }, log), "127");
  assertEquals(log.lines, [
    `warn: The name "127" is used, but ${LOOKED_UP}`,
  ]);
});

const HYPHEN_FIRST = "starts with a hyphen";
const HYPHEN_LAST = "ends with a hyphen";
const DOTS = "it has two dots in a row, or starts with one";

/** What is given, and why it is refused. */
const REFUSED: readonly (readonly [raw: string, reason: string])[] = [
  ["", "it is empty"],
  [".", "it is empty"],
  ["...", "it is empty"],
  ["a".repeat(65), "it is 65 bytes long, and Linux takes 64"],
  [`${"a".repeat(65)}.b`, "it is 65 bytes long, and Linux takes 64"],
  ["a".repeat(1_000_000), "it is 1000000 bytes long, and Linux takes 64"],
  [`-${"a".repeat(20)}.${"b".repeat(60)}`, HYPHEN_FIRST],
  ["-vm", HYPHEN_FIRST],
  ["--help", HYPHEN_FIRST],
  ["-", HYPHEN_FIRST],
  ["_vm", HYPHEN_FIRST],
  ["vm-", HYPHEN_LAST],
  ["vm_", HYPHEN_LAST],
  ["vm-.", HYPHEN_LAST],
  ["a.-b.c", HYPHEN_FIRST],
  ["a.b-.c", HYPHEN_LAST],
  [".vm", DOTS],
  ["a..b", DOTS],
  ["::1", 'it contains ":"'],
  ["b\u00fccher", "it contains U+00FC"],
  ["\u4e16\u754c", "it contains U+4E16"],
  ["vm\u{1f600}", "it contains U+1F600"],
  ["vm\ud800", "it contains U+D800"],
  ["\uff56\uff4d", "it contains U+FF56"],
  ["\u212aelvin", "it contains U+212A"],
  ["vm\u0131", "it contains U+0131"],
  ["\ufeffvm", "it contains U+FEFF"],
  ["vm\u00a0", "it contains U+00A0"],
  ["vm\n", "it contains U+000A"],
  ["vm\nrm", "it contains U+000A"],
  ["vm\r", "it contains U+000D"],
  ["vm\t", "it contains U+0009"],
  ["vm\0", "it contains U+0000"],
  ["vm\u007f", "it contains U+007F"],
  [" ", "it contains U+0020"],
  [" vm", "it contains U+0020"],
  ["my vm", "it contains U+0020"],
  ["vm; reboot", 'it contains ";"'],
  ["$(reboot)", 'it contains "$"'],
  ["`reboot`", 'it contains "`"'],
  ["a&b", 'it contains "&"'],
  ["a|b", 'it contains "|"'],
  ["a>b", 'it contains ">"'],
  ["a*", 'it contains "*"'],
  ["'vm'", 'it contains "\'"'],
  ['"vm"', 'it contains """'],
  ["a\\b", 'it contains "\\"'],
  ["../vm", 'it contains "/"'],
  ["~", 'it contains "~"'],
  ["vm%s", 'it contains "%"'],
  ["#vm", 'it contains "#"'],
  ["a=b", 'it contains "="'],
  ["user@vm", 'it contains "@"'],
  ["vm:22", 'it contains ":"'],
];

for (const [raw, reason] of REFUSED) {
  Deno.test(`toHostName() refuses ${JSON.stringify(raw).slice(0, 80)}`, () => {
    const result = toHostName(raw);
    assert(!result.ok);
    assertStringIncludes(result.reason, reason);
  });
}

Deno.test("toHostName() says of a character what it may not be, and what is allowed", () => {
  assertEquals(toHostName("a b"), {
    ok: false,
    reason:
      "it contains U+0020, and only letters, digits, hyphens and dots are allowed",
  });
});

Deno.test("toHostName() needs no time for a name as long as the metadata may be", () => {
  const before = performance.now();
  assert(!toHostName(`${".".repeat(40_000)}a`).ok);
  assert(performance.now() - before < 1000, "it takes quadratic time");
});

Deno.test("hostNameFrom() takes the computer name before the resource's name", () => {
  const log = recordingLog();
  assertEquals(
    hostNameFrom({ computerName: "x000000", name: "x_0" }, log),
    "x000000",
  );
  assertEquals(log.lines, []);
});

Deno.test("hostNameFrom() takes the resource's name where there is no computer name", () => {
  assertEquals(hostNameFrom({ name: "vm" }, recordingLog()), "vm");
});

Deno.test("hostNameFrom() logs what it changes about a name", () => {
  const log = recordingLog();
  assertEquals(hostNameFrom({ name: "x_0." }, log), "x-0");
  assertEquals(log.lines, [
    'warn: The name "x_0." from the metadata is used without its trailing dot',
    'warn: The name "x_0." from the metadata is used with "-" in place of "_"',
  ]);
});

Deno.test("hostNameFrom() says when there is no name", () => {
  const error = assertThrows(
    () => hostNameFrom({ vmId: "id" }, recordingLog()),
    ProvisioningError,
    "neither a computerName nor a name",
  );
  assertEquals(error.key, "host_name_absent");
  assertEquals(error.exitCode, ExitCode.badData);
});

Deno.test("hostNameFrom() quotes 80 characters of a name that it refuses", () => {
  const error = assertThrows(
    () => hostNameFrom({ computerName: "a".repeat(1000) }, recordingLog()),
    ProvisioningError,
  );
  assertEquals(
    error.message,
    `The name "${
      "a".repeat(80)
    }..." from the instance metadata cannot be a host name: it is 1000 bytes long, and Linux takes 64; give the VM another computer name`,
  );
});

Deno.test("hostNameFrom() refuses a name that cannot be set, and takes no other for it", () => {
  const error = assertThrows(
    () => hostNameFrom({ computerName: "-vm", name: "vm" }, recordingLog()),
    ProvisioningError,
    'The name "-vm" from the instance metadata cannot be a host name: "-vm" starts with a hyphen',
  );
  assertEquals(error.key, "host_name_invalid");
  assertEquals(error.exitCode, ExitCode.badData);
});
