import { assertEquals } from "@std/assert";
import { closureOf, parsePackages } from "./_packages.ts";

const LIST = [
  "python3\t\t\t, python3.11 (>= 3.11.2-1~), libpython3-stdlib:any (= 3.11)\tinstall ok installed",
  "python3.11\t\t\tpython3.11-minimal, , media-types | mime-support\tinstall ok installed",
  "python3.11-minimal\t\tpython3-api (= 3)\tlibc6, awk\tinstall ok installed",
  "mime-support\t\t\t\tinstall ok installed",
  "libc6\t\t\tlibgcc-s1, \tinstall ok installed",
  "libgcc-s1\t\t\tlibc6, gcc-base\tinstall ok installed",
  "mawk\tyes\tawk\tlibc6\tinstall ok installed",
  "libpython3-stdlib\t\t\t\tdeinstall ok config-files",
  "",
].join("\n");

Deno.test("parsePackages() reads names, alternatives and what is provided", () => {
  const packages = parsePackages(LIST);
  assertEquals(packages.map((it) => it.name), [
    "python3",
    "python3.11",
    "python3.11-minimal",
    "mime-support",
    "libc6",
    "libgcc-s1",
    "mawk",
  ]);
  assertEquals(packages[0]!.depends, [["python3.11"], ["libpython3-stdlib"]]);
  assertEquals(packages[1]!.depends[1], ["media-types", "mime-support"]);
  assertEquals(packages[2]!.provides, ["python3-api"]);
  assertEquals(packages[6]!.essential, true);
});

Deno.test("closureOf() follows circles, alternatives and what is provided, and passes over what is not installed", () => {
  assertEquals(closureOf(["python3"], parsePackages(LIST)), [
    "libc6",
    "libgcc-s1",
    "mawk",
    "mime-support",
    "python3",
    "python3.11",
    "python3.11-minimal",
  ]);
  assertEquals(closureOf(["nothing"], parsePackages(LIST)), []);
});
