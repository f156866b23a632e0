import { assert, assertEquals } from "@std/assert";
import { temporaryPathOf } from "../lib/files/write_atomically.ts";
import { DNS_PROGRAMS } from "../lib/parts/dns/dns_needs.ts";
import { PARTS } from "../lib/parts/parts.ts";
import { permissions } from "../lib/permissions.ts";

/** The values of a flag, such as the paths of `--allow-write`. */
function valuesOf(name: string): readonly string[] {
  const flags = permissions.filter(({ flag }) => flag.startsWith(`${name}=`));
  assertEquals(flags.length, 1, name);
  return flags[0]!.flag.slice(name.length + 1).split(",");
}

const ORDINARY = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];

/** What looks at the chassis. */
const GREPS = ORDINARY.map((folder) => `${folder}/grep`);

const at = (folders: readonly string[], programs: readonly string[]) =>
  programs.flatMap((program) =>
    folders.map((folder) => `${folder}/${program}`)
  );

Deno.test("the compiled program may run the programs that it needs, wherever it looks for them, and nothing else", () => {
  const ofEveryUser = [
    "hostnamectl",
    "hostname",
    "getent",
    "kill",
    "mkdir",
    "systemctl",
    "systemd-run",
    "nmcli",
  ];
  const ofRoot = [
    "useradd",
    "usermod",
    "groupadd",
    "adduser",
    "addgroup",
    "chpasswd",
    "visudo",
    "restorecon",
    "dhclient",
    "dhcpcd",
    "udhcpc",
  ];
  assertEquals(
    DNS_PROGRAMS.filter((it) => ![...ofEveryUser, ...ofRoot].includes(it)),
    [],
  );
  const paths = [
    ...at(ORDINARY, ofEveryUser),
    ...at([...ORDINARY, "/usr/sbin", "/sbin"], ofRoot),
  ];
  assertEquals(
    [...valuesOf("--allow-run")].sort(),
    [...paths, ...GREPS].sort(),
  );
});

Deno.test("every program that the compiled program may run, but for grep, belongs to a part, without which it is given up", () => {
  const ofParts = PARTS.flatMap(({ programs }) => programs);
  const names = valuesOf("--allow-run").filter((path) => !GREPS.includes(path))
    .map((path) => path.split("/").at(-1)!);
  assertEquals([...new Set(names)].sort(), [...new Set(ofParts)].sort());
});

Deno.test("the compiled program may write the host name's files, and what takes their place", () => {
  const writable = valuesOf("--allow-write");
  for (const path of ["/etc/hostname", "/etc/hosts"]) {
    assert(writable.includes(path), path);
    assert(writable.includes(temporaryPathOf(path)), temporaryPathOf(path));
  }
});
