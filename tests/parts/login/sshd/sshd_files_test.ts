import { assert, assertEquals } from "@std/assert";
import { sshdFiles } from "../../../../lib/parts/login/sshd/sshd_files.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

const NAMES = ["ab", "abab", "a.conf", "b.conf", "xay", "aXbXab", ".a", "a1b2"];

for (
  const [pattern, wanted] of [
    ["*", ["a.conf", "a1b2", "aXbXab", "ab", "abab", "b.conf", "xay"]],
    ["**", ["a.conf", "a1b2", "aXbXab", "ab", "abab", "b.conf", "xay"]],
    ["*ab", ["aXbXab", "ab", "abab"]],
    ["a*b*ab", ["aXbXab", "abab"]],
    ["a*ab", ["aXbXab", "abab"]],
    ["*b*b*", ["aXbXab", "abab"]],
    ["*a*1*2*", ["a1b2"]],
    ["*[0-9]?[0-9]", ["a1b2"]],
    ["*[0-9]*[!0-9]*", ["a1b2"]],
    ["?*.conf", ["a.conf", "b.conf"]],
    [".*", [".a"]],
    ["*a*y*x*", []],
  ] as const
) {
  Deno.test(`glob() with ${pattern} finds ${wanted.length} of ${NAMES.length} files`, async () => {
    await using dir = await tempDir();
    await Deno.mkdir(`${dir.path}/ssh`);
    for (const name of NAMES) {
      await Deno.writeTextFile(`${dir.path}/ssh/${name}`, "");
    }
    const { glob } = sshdFiles({ etcDir: dir.path, withDropIn: false });
    assertEquals(
      glob(`/etc/ssh/${pattern}`),
      wanted.map((name) => `/etc/ssh/${name}`),
    );
  });
}

Deno.test("glob() takes no time for many stars on a long name", async () => {
  await using dir = await tempDir();
  await Deno.mkdir(`${dir.path}/ssh`);
  await Deno.writeTextFile(`${dir.path}/ssh/${"a".repeat(250)}`, "");
  const { glob } = sshdFiles({ etcDir: dir.path, withDropIn: false });
  const began = performance.now();
  assertEquals(glob(`/etc/ssh/${"*a".repeat(100)}*b`), []);
  assertEquals(glob(`/etc/ssh/${"*a".repeat(100)}*`).length, 1);
  assert(performance.now() - began < 500);
});
