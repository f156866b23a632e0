import { assertEquals } from "@std/assert";
import { withHostName } from "../../../lib/parts/hostname/hosts_file.ts";

const MARK = "# Added by azure-provisioning";
const LOCALHOST = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n";
const LINE = `127.0.1.1\tvm\t${MARK}\n`;

const CHANGED: Readonly<
  Record<string, readonly [hosts: string, name: string, after: string]>
> = {
  "adds a line where nothing names the host": [
    LOCALHOST,
    "vm",
    `${LOCALHOST}${LINE}`,
  ],
  "adds a line to an empty file": ["", "vm", LINE],
  "ends the last line first if it has no end": [
    "127.0.0.1 localhost",
    "vm",
    `127.0.0.1 localhost\n${LINE}`,
  ],
  "makes the first part of a dotted name an alias": [
    LOCALHOST,
    "vm.example.test",
    `${LOCALHOST}127.0.1.1\tvm.example.test vm\t${MARK}\n`,
  ],
  "replaces the line of an earlier name": [
    `${LOCALHOST}127.0.1.1\told\t${MARK}\n10.0.0.1 other\n`,
    "vm",
    `${LOCALHOST}10.0.0.1 other\n${LINE}`,
  ],
  "takes the earlier line away where another line names the host": [
    `10.0.0.4 vm\n127.0.1.1\told\t${MARK}\n`,
    "vm",
    "10.0.0.4 vm\n",
  ],
  "takes the line of an earlier name away where its own is there": [
    `127.0.1.1\told\t${MARK}\n${LINE}`,
    "vm",
    LINE,
  ],
  "is not fooled by a comment with odd line ends in it": [
    "10.0.0.1 other # a\r vm\u2028 vm\n",
    "vm",
    `10.0.0.1 other # a\r vm\u2028 vm\n${LINE}`,
  ],
  "is not fooled by blanks that the C library does not know": [
    "10.0.0.1 other\u00a0vm\n",
    "vm",
    `10.0.0.1 other\u00a0vm\n${LINE}`,
  ],
  "is not fooled by a comment": [
    "# 127.0.1.1 vm\n10.0.0.1 other # vm\n",
    "vm",
    `# 127.0.1.1 vm\n10.0.0.1 other # vm\n${LINE}`,
  ],
  "is not fooled by a part of a name, or an address": [
    "10.0.0.1 vm2 avm vm.example.test\nvm other\n",
    "vm",
    `10.0.0.1 vm2 avm vm.example.test\nvm other\n${LINE}`,
  ],
  "keeps the image's own line": [
    "127.0.1.1\timage\n",
    "vm",
    `127.0.1.1\timage\n${LINE}`,
  ],
};

for (const [what, [hosts, name, after]] of Object.entries(CHANGED)) {
  Deno.test(`withHostName() ${what}`, () => {
    assertEquals(withHostName(hosts, name), after);
    assertEquals(withHostName(after, name), after, "a second time");
  });
}

for (
  const hosts of [
    "127.0.1.1 vm\n",
    "10.0.0.4\tother vm\n",
    "10.0.0.4 VM\n",
    "  10.0.0.4   vm # me\r\n",
    "10.0.0.4 vm",
    `${LOCALHOST}${LINE}`,
    "\n\n::1 vm\n\n",
  ]
) {
  Deno.test(`withHostName() leaves ${JSON.stringify(hosts)} as it is`, () => {
    assertEquals(withHostName(hosts, "vm"), hosts);
  });
}

Deno.test("withHostName() finds a name with capitals, however the file writes it", () => {
  assertEquals(withHostName("10.0.0.4 myvm\n", "MyVM"), "10.0.0.4 myvm\n");
});
