import fc from "fast-check";
import { checkHostsFile, OWN_LINE_END } from "./_check_hosts_file.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const NAMES = ["vm-1", "VM-1", "vm-1.example", "vm", "localhost", "x"];

const line = fc.oneof(
  { weight: 1, arbitrary: text },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      "127.0.0.1\tlocalhost",
      "::1 localhost ip6-localhost",
      "127.0.1.1 vm-1",
      "127.0.1.1 Vm-1.Example vm-1\r",
      "  10.0.0.4  x # vm-1",
      "# 127.0.1.1 vm-1",
      `127.0.1.1\told\t${OWN_LINE_END}`,
      `127.0.1.1\tvm-1\t${OWN_LINE_END}`,
      `127.0.1.1\tvm-1.example vm-1\t${OWN_LINE_END}\r`,
      `vm-1 ${OWN_LINE_END} `,
      `${OWN_LINE_END}, and by me`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(
        word,
        fc.constantFrom(...NAMES, "127.0.1.1", " ", "\t", "#", "\r", "\u2028"),
      ),
      { maxLength: 8 },
    ).map((words) => words.join(" ")),
  },
);

fuzz("withHostName() adds a name and leaves all other lines as they are", {
  room: "hosts file",
  runs: 1000,
  input: fc.tuple(
    fc.array(line, { maxLength: 8 }),
    fc.constantFrom("\n", "\n", "\r\n"),
    fc.constantFrom(...NAMES),
  ),
  check: ([lines, end, name]) => checkHostsFile(lines.join(end), name),
});
