import { assert, assertEquals } from "@std/assert";
import { temporaryPathOf } from "../lib/files/write_atomically.ts";
import { PROGRAM_FOLDERS } from "../lib/host/run_program.ts";
import { DNS_PROGRAMS } from "../lib/parts/dns/dns_needs.ts";
import { PARTS } from "../lib/parts/parts.ts";
import { permissions } from "../lib/permissions.ts";

/** The values of a flag, such as the paths of `--allow-write`. */
function valuesOf(name: string): readonly string[] {
  const flags = permissions.filter(({ flag }) => flag.startsWith(`${name}=`));
  assertEquals(flags.length, 1, name);
  return flags[0]!.flag.slice(name.length + 1).split(",");
}

/** What looks at the chassis, where no system has it in a folder for administration. */
const GREPS = ["/usr/bin", "/bin", "/run/current-system/sw/bin"].map((folder) =>
  `${folder}/grep`
);

Deno.test("the compiled program may run the programs that it needs, wherever it looks for them, and nothing else", () => {
  const paths = [
    "hostnamectl",
    "hostname",
    "useradd",
    "usermod",
    "groupadd",
    "adduser",
    "addgroup",
    "chpasswd",
    "getent",
    "kill",
    "mkdir",
    "visudo",
    "restorecon",
    ...DNS_PROGRAMS,
  ].flatMap((program) =>
    PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`)
  );
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
