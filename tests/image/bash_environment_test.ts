import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { find, run, runOnTree, type Shell } from "./_shells.ts";
import { type Files, makeTree, readTree, USED_IMAGE } from "./_tree.ts";

// Where sh is bash, it takes options and limits from the environment.
const BASH = await find("bash");
if (BASH === undefined) {
  console.error("Tests with bash's variables are skipped: bash is not here");
}

const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Variables of bash and of the programs that would change what a script does. Each set costs a run. */
const VARIABLES: readonly Readonly<Record<string, string>>[] = [
  { FUNCNEST: "1" },
  {
    BASHOPTS: "failglob",
    SHELLOPTS: "noclobber:keyword:monitor:allexport:pipefail",
  },
  {
    BASHOPTS:
      "nullglob:dotglob:nocaseglob:nocasematch:lastpipe:execfail:xpg_echo",
    SHELLOPTS: "noglob",
    GLOBIGNORE: "*",
    BASH_COMPAT: "3.1",
    GAWK_READ_TIMEOUT: "1",
  },
];

const FILES: Files = { ...USED_IMAGE, "/var/log/#.GZ": "a line\n" };

if (BASH !== undefined) {
  const bash: Shell = { name: "bash", command: [BASH, "--posix"], path: PATH };

  Deno.test("no variable of bash's changes what is generalised", async () => {
    const outcome = async (env: Readonly<Record<string, string>>) => {
      await using temp = await tempDir();
      const root = `${temp.path}/tree`;
      await makeTree(root, FILES);
      const result = await runOnTree(bash, "generalize.sh", root, [
        "--yes",
        "--logs",
      ], env);
      const { code, stdout, stderr } = result;
      return [
        code,
        stdout.replaceAll(root, ""),
        stderr,
        await readTree(root),
      ];
    };
    const clean = await outcome({});
    assertEquals(clean[0], 0);
    for (const env of VARIABLES) {
      assertEquals(await outcome(env), clean, JSON.stringify(env));
    }
  });

  Deno.test("errors that come after a pause longer than TMOUT are printed", async () => {
    const { code, stdout, stderr } = await run([
      BASH,
      "--posix",
      "-euc",
      `here=$1
      for part in environment words printable messages tools supervise; do . "$1/$part.sh"; done
      work() { sleep 2; ls /nonexistent || echo "ls ended with $?"; }
      supervised work`,
      "sh",
      `${ROOT}image`,
    ], { PATH, TMOUT: "1" });
    assertEquals([code, stdout], [0, "ls ended with 2\n"]);
    assertStringIncludes(stderr, "Warning: ls: ");
  });
}
