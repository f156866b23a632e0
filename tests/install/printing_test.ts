import { assert, assertEquals, assertMatch } from "@std/assert";
import { type ProgramResult, ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { assertHarmless, HOSTILE, image, runAll, WORST } from "./_hostile.ts";
import { imageScripts } from "./_variables.ts";
import { BARE, elf, INITS, makeTree } from "./_tree.ts";

installTest(
  "whatever a tree holds is printed on one line, and as no command",
  async (given) => {
    // As many lines as with a name of no account.
    await makeTree(given.root, image("plain"));
    const plain = await runAll(given);
    await Deno.remove(given.root, { recursive: true });
    await makeTree(given.root, image(WORST));
    const results = await runAll(given);
    const lines = ({ stdout, stderr }: ProgramResult) =>
      `${stdout}${stderr}`.split("\n").length;
    for (const [index, result] of results.entries()) {
      assertHarmless(result);
      assert(
        lines(result) <= lines(plain[index]!),
        `${result.stdout}${result.stderr}`,
      );
    }
    assert(results.some(({ stdout }) => stdout.includes("\\n::add-path::")));
    const json: Readonly<Record<string, string>>[] = JSON.parse(
      results[6]!.stdout,
    );
    for (const text of json.flatMap((check) => Object.values(check))) {
      assertHarmless({ code: 0, stdout: text, stderr: "" });
      assertEquals(text.includes("\n"), false, text);
    }
  },
);

installTest(
  "a tree with a hostile name of its own is named on one line, and no command",
  async (given) => {
    for (const name of [WORST, HOSTILE["another one"]!]) {
      const root = `${given.dir}/${name}`;
      await makeTree(root, BARE, INITS["systemd"]!, {
        "usr/bin/cloud-init": elf("x86_64"),
        "usr/lib/systemd/system/cloud-init.service": "",
      });
      for (const result of await runAll({ ...given, root })) {
        assertHarmless(result);
        for (const command of ["chroot", "touch", "install.sh --root"]) {
          assertEquals(
            new RegExp(`remedy: .*${command} .*evil`).test(
              `${result.stdout}${result.stderr}`,
            ),
            false,
            `${result.stdout}${result.stderr}`,
          );
        }
      }
      await Deno.remove(root, { recursive: true });
    }
  },
);

installTest(
  "a remedy is one that the name cannot leave, or names no command",
  async (given) => {
    const names = [
      "$(id)",
      "`id`",
      "a'b",
      'a"b',
      "a;id",
      "a\\",
      "a b",
      "*",
      "-rf",
      "~",
      "\u00e9",
    ];
    for (const name of [...names, ...Object.values(HOSTILE)]) {
      await makeTree(given.root, BARE, INITS["openrc"]!, {
        [`etc/runlevels/${name}/azure-init`]: "-> x",
        "usr/bin/azure-init": elf("x86_64"),
      });
      const { stderr } = await given.install();
      const remedy = /^ {2}remedy: (.*)$/m.exec(stderr)?.[1] ?? "";
      if (names.includes(name)) {
        const [command] = remedy.split("; or go on");
        // The shell takes it for one name, the one that is there.
        const { stdout } = await given.run([
          "-c",
          `rm() { printf '%s\\0' "$@"; }; ${command}`,
        ]);
        assertEquals(
          stdout.split("\0"),
          ["--", `${given.root}/etc/runlevels/${name}/azure-init`, ""],
          remedy,
        );
      } else {
        assertEquals(remedy.includes("rm "), false, remedy);
      }
      await Deno.remove(given.root, { recursive: true });
    }
  },
);

/** What is printed for a text, and what makes it longer than a line. */
const PRINTED: readonly (readonly [string, string])[] = [
  [
    "plain 'text' with \"quotes\" \\ and $signs",
    "plain 'text' with \"quotes\" \\ and $signs",
  ],
  ["", ""],
  ["\u00e9\u{1f600}\u4e2d", "\u00e9\u{1f600}\u4e2d"],
  ["a\n", "a\\n"],
  ["\n\n", "\\n\\n"],
  ["a\tb\rc", "a\\tb\\rc"],
  ["\u001b[2J\u0001\u007f", "\\x1b[2J\\x01\\x7f"],
  ["\u0085\u009b", "\\xc2\\x85\\xc2\\x9b"],
  ["\u00a0\u00ad", "\\xc2\\xa0\\xc2\\xad"],
  ["\u2028", "\\xe2\\x80\\xa8"],
  ["\u2003", "\\xe2\\x80\\x83"],
  ["\u3000", "\\xe3\\x80\\x80"],
  ["\u202e\u2069\u061c", "\\xe2\\x80\\xae\\xe2\\x81\\xa9\\xd8\\x9c"],
  ["##[x]###", "\\x23#[x]\\x23\\x23#"],
  ["# # a#", "# # a#"],
  ["%s%n", "%s%n"],
  ["-n", "-n"],
];

installTest(
  "escapes what is more than a name, and nothing else",
  async ({ run }) => {
    const said = async (text: string) => (await run([
      "-euc",
      '. "$1/image/printable.sh"; . "$1/image/messages.sh"; LC_ALL=C; say "$2"; warn "$2"; complain "$2"; (die 3 "$2") || echo "$?"',
      "sh",
      ROOT.replace(/\/$/, ""),
      text,
    ]));
    for (const [text, printed] of PRINTED) {
      assertEquals(await said(text), {
        code: 0,
        stdout: `${printed}\n3\n`,
        stderr: `Warning: ${printed}\nError: ${printed}\nError: ${printed}\n`,
      });
    }
    for (
      const long of [
        "x".repeat(100_000),
        "\u00e9".repeat(40_000),
        "\n".repeat(9000),
      ]
    ) {
      const { stdout } = await said(long);
      assertMatch(stdout, / \(and more\)\n3\n$/);
      assertEquals(stdout.length < 4200, true);
    }
  },
);

installTest(
  "escapes every character that the program escapes",
  async ({ run }) => {
    const all = Array.from(
      { length: 0x110000 },
      (_, point) =>
        point === 0 || (point >= 0xd800 && point < 0xe000)
          ? ""
          : String.fromCodePoint(point),
    ).join("").match(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu,
    )!;
    assert(all.length > 4000);
    for (let from = 0; from < all.length; from += 250) {
      const text = all.slice(from, from + 250).join("");
      const { stdout } = await run([
        "-euc",
        '. "$1/image/printable.sh"; . "$1/image/messages.sh"; LC_ALL=C; say "$2"',
        "sh",
        ROOT.replace(/\/$/, ""),
        text,
      ]);
      assertMatch(stdout, /^[ -~]*\n$/);
    }
  },
);

installTest(
  "escapes bytes that are no text, also where there is no awk",
  async (given) => {
    const say = async (path: string) =>
      await given.run([
        "-euc",
        'text=$(printf "a\\377\\300\\257\\355\\240\\200b\\n\\033#"); . "$1/image/printable.sh"; . "$1/image/messages.sh"; PATH=$2 LC_ALL=C; say "$text"',
        "sh",
        ROOT.replace(/\/$/, ""),
        path,
      ]);
    assertEquals(
      (await say("/usr/bin:/bin")).stdout,
      "a\\xff\\xc0\\xaf\\xed\\xa0\\x80b\\n\\x1b#\n",
    );
    await Deno.mkdir(`${given.dir}/bin`);
    for (const tool of ["tr", "cut"]) {
      await Deno.symlink(`/usr/bin/${tool}`, `${given.dir}/bin/${tool}`);
    }
    const { stdout } = await say(`${given.dir}/bin`);
    // A shell may have an awk of its own.
    assertMatch(
      stdout,
      /^(a\?{6}b\?{3}|a\\xff\\xc0\\xaf\\xed\\xa0\\x80b\\n\\x1b#)\n$/,
    );
  },
);

Deno.test("no script writes to the standard error by another way", async () => {
  const bypasses: string[] = [];
  for (const script of await imageScripts()) {
    const text = await Deno.readTextFile(`${ROOT}${script}`);
    for (const line of text.split("\n")) {
      if (!/>&(2|"?\$errors)/.test(line) || /^\s*#/.test(line)) continue;
      if (/^\s*say "/.test(line)) continue;
      bypasses.push(`${script}: ${line.trim()}`);
    }
  }
  assertEquals(
    bypasses.sort(),
    [
      `image/generalize.sh: printf 'Type "yes" to do this: ' >&"$errors"`,
      "image/supervise.sh: (exec 3>&2) || exec 2>/dev/null",
      "image/supervise.sh: exec 4>&2",
      // Before anything of a tree is read, and before there is anything to say it with.
      `install.sh: printf 'Error: %s\\n' "$2" >&2`,
      ...["image/check.sh", "image/generalize.sh", "install.sh"].map((script) =>
        `${script}: trap 'printf "Error: %s\\n" "image/$part.sh is not whole: copy the whole release folder" >&2; exit 78' EXIT`
      ),
    ].sort(),
  );
});
