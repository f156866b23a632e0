import { assert, assertEquals } from "@std/assert";
import { withHostName } from "../../lib/parts/hostname/hosts_file.ts";
import { attempt } from "./_attempt.ts";

/** The end of the line that is the program's own. */
export const OWN_LINE_END = "# Added by azure-provisioning";

/**
 * Puts a host name into a hosts file, and checks that it is in there and that no
 * other line was touched.
 *
 * @param hosts Any text.
 * @param name A host name.
 */
export function checkHostsFile(hosts: string, name: string): void {
  const outcome = attempt(() => withHostName(hosts, name));
  assert(outcome.ok);
  const after = outcome.value;
  assert(resolves(after, name), `${JSON.stringify(after)} has no ${name}`);
  assertEquals(others(after), others(hosts));
  const own = after.split("\n").filter(isOwn);
  assert(own.length <= 1, "there are several lines of the program's own");
  assert(
    own.every((line) => line.includes(name)),
    "the line of an earlier name stayed",
  );
  assertEquals(withHostName(after, name), after);
}

function isOwn(line: string): boolean {
  return line.trimEnd().endsWith(OWN_LINE_END);
}

/** All lines but the program's own; whether the last one had a line end does not count. */
function others(hosts: string): string[] {
  const lines = hosts.split("\n").filter((line) => !isOwn(line));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** As hosts(5) and the C library have it. */
function resolves(hosts: string, name: string): boolean {
  for (const line of hosts.split("\n")) {
    const comment = line.indexOf("#");
    const entry = comment === -1 ? line : line.slice(0, comment);
    const names = entry.match(/[^ \t\v\f\r]+/g)?.slice(1) ?? [];
    if (names.some((it) => it.toLowerCase() === name.toLowerCase())) {
      return true;
    }
  }
  return false;
}
