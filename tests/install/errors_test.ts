import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ProgramResult, ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { assertHarmless, HOSTILE, image, runAll, WORST } from "./_hostile.ts";
import { makeTree } from "./_tree.ts";

/** The programs that the scripts run, apart from the shell's own. */
const TOOLS = [
  ..."awk cat chmod chown cksum cmp cp cut date dd df find grep head id ln ls"
    .split(" "),
  ..."mkdir mktemp mv od readlink rm rmdir sed sha256sum sleep sort stat tail"
    .split(" "),
  ..."touch tr uname wc".split(" "),
];

/** Makes a folder of programs that name a file on the standard error, and do their work all the same. */
async function makeNoisy(folder: string): Promise<string> {
  const path = `${folder}/noisy`;
  await Deno.mkdir(path);
  for (const tool of TOOLS) {
    await Deno.writeTextFile(
      `${path}/${tool}`,
      `#!/bin/sh\nprintf '%s: %s: noise\\n' ${tool} "$NAME" >&2\nPATH=/usr/bin:/bin exec ${tool} "$@"\n`,
      { mode: 0o755 },
    );
  }
  return path;
}

installTest(
  "whatever a program says of a file is printed on one line, and as no command",
  async (given) => {
    const noisy = await makeNoisy(given.dir);
    await makeTree(given.root, image("plain"));
    // Busybox's shell has most programs in itself.
    const results = await runAll({
      ...given,
      run: (args) =>
        given.run(args, { PATH: `${noisy}:/usr/bin:/bin`, NAME: WORST }),
    });
    for (const result of results) {
      assertHarmless(result);
      for (const line of result.stderr.split("\n")) {
        if (line.includes("noise")) assertStringIncludes(line, "Warning: ");
      }
    }
  },
);

/** Runs a script that is supervised; $1 is a hostile name, and $2 a folder. */
const supervise = (script: string) => [
  "-euc",
  `for part in words printable messages tools supervise inside remove replace; do . "$1/image/$part.sh"; done
  name=$2 folder=$3
  main() { ${script}
  }
  supervised main`,
  "sh",
  ROOT,
];

/** What writes to the standard error, without and with an end of its line. */
const WRITERS: readonly string[] = [
  // The shell itself, for several reasons.
  '(: <"$folder/$name") || :',
  '(: >"$folder/$name/x") || :',
  '("$folder/$name") || :',
  '. "$folder/$name"',
  // Programs.
  'cat "$folder/$name" || :',
  'grep x "$folder/$name" || :',
  'sed -n "/$name/{" </dev/null || :',
  'awk "{ print > \\"$folder/$name/x\\" }" </dev/null || :',
  'head -c 1 "$folder/$name" || :',
  'od "$folder/$name" || :',
  'mv "$folder/$name" "$folder/x" || :',
  'printf "%s" "$name" >&2',
  'printf "%s\\000%s\\n" "$name" "$name" >&2',
  `printf '%b' "$(printf '\\\\0%o' $(seq 1 255))" >&2`,
];

installTest(
  "nothing that is supervised can print a byte that is not escaped",
  async ({ run, dir }) => {
    for (const name of [...Object.values(HOSTILE), WORST]) {
      for (const writer of WRITERS) {
        const result = await run([...supervise(writer), name, dir]);
        assertHarmless(result);
        for (const line of result.stderr.split("\n").slice(0, -1)) {
          assert(/^(Warning|Error): /.test(line), `${writer}: ${line}`);
        }
      }
    }
  },
);

installTest(
  "a supervised script keeps its status, its output, its input and its order",
  async ({ run, dir }) => {
    const outcome = async (script: string): Promise<ProgramResult> =>
      await run([...supervise(script), "name", dir]);
    for (const status of [0, 1, 64, 73, 255]) {
      assertEquals((await outcome(`exit ${status}`)).code, status);
    }
    // "set -e" holds.
    assertEquals(await outcome("false; say never"), {
      code: 1,
      stdout: "",
      stderr: "",
    });
    assertEquals(await outcome("kill -s KILL $$"), {
      code: 137,
      stdout: "",
      stderr: "",
    });
    const { code, stdout, stderr } = await run([
      "-c",
      '"$@" 2>&1',
      "sh",
      "sh",
      ...supervise("say 1; warn 2; complain 3; say 4; die 5 6"),
      "name",
      dir,
    ]);
    assertEquals([code, stderr], [5, ""]);
    assertEquals(stdout, "1\nWarning: 2\nError: 3\n4\nError: 6\n");
    for (const closed of ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) {
      const { code } = await run([
        "-c",
        `"$@" ${closed}`,
        "sh",
        "sh",
        ...supervise('cat; say 1; warn 2; : >"$folder/ran"; exit 3'),
        "name",
        dir,
      ]);
      assertEquals(code, 3, closed);
      await Deno.remove(`${dir}/ran`);
    }
  },
);

/** Runs a command as a user who is not root, if that is possible here. */
const AS_USER = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"];
const CAN_BE_USER = await canBeUser();
if (!CAN_BE_USER) {
  console.error(
    "Files that cannot be read are skipped: they need root, setpriv, and a checkout that everybody can read",
  );
}

async function canBeUser(): Promise<boolean> {
  try {
    return (await new Deno.Command(AS_USER[0]!, {
      args: [...AS_USER.slice(1), "cat", `${ROOT}install.sh`],
    }).output()).success;
  } catch {
    return false;
  }
}

/** Takes all permissions from the files, or from the folders, whose paths match. */
async function lock(
  root: string,
  kind: "files" | "folders",
  pattern: RegExp,
): Promise<void> {
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      const locked = kind === "files" ? entry.isFile : entry.isDirectory;
      if (locked && pattern.test(path.slice(root.length))) {
        await Deno.chmod(path, 0);
      }
    }
  };
  await walk(root);
}

if (CAN_BE_USER) {
  installTest(
    "a tree with files and folders that cannot be read prints nothing that is not escaped",
    async (given) => {
      await Deno.chmod(given.dir.slice(0, given.dir.lastIndexOf("/")), 0o755);
      for (
        const [kind, pattern] of [
          ["files", /^\/(etc|var|opt|home)\//],
          ["folders", /^\/(etc|var|opt|home)\/.*evil/],
        ] as const
      ) {
        await makeTree(given.root, image(WORST));
        await new Deno.Command("chown", {
          args: ["-hR", "1000:1000", given.root],
        }).output();
        await lock(given.root, kind, pattern);
        const results = await runAll({
          ...given,
          run: (args) => given.run(args, {}, AS_USER),
        });
        for (const result of results) {
          assertHarmless(result);
          for (const line of result.stderr.split("\n").slice(0, -1)) {
            assert(/^(Warning|Error| {2}remedy): /.test(line), line);
          }
        }
        await Deno.remove(given.root, { recursive: true });
      }
    },
  );
}
