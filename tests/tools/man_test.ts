import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { CONFIG_KEYS } from "../../lib/cli/config_file.ts";
import { COMMAND_OPTIONS, COMMON_OPTIONS } from "../../lib/cli/option_specs.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { ROOT } from "../helpers/program.ts";
import { MAN_FOLDER, manFiles, readHelp } from "../../tools/man.ts";

const FILES = await manFiles(ROOT);

const MISSING = missingProgram(["groff", "man"]);
if (MISSING !== undefined) {
  console.error(
    `The test that renders man pages is skipped: it needs the program "${MISSING}" (on Debian: apt-get install groff-base man-db)`,
  );
}

function textOf(name: string): string {
  return FILES.find((it) => it.name === name)!.text;
}

/** The terms of a page's lists, as a reader sees them. */
function termsOf(name: string): string[] {
  return [...textOf(name).matchAll(/^\.TP\n\\fB(.*?)\\fR/gm)]
    .map((match) => match[1]!.replaceAll("\\-", "-"));
}

for (const { name, text } of FILES) {
  Deno.test(`${MAN_FOLDER}/${name} is what "tools/dev man" writes`, async () => {
    assertEquals(await Deno.readTextFile(`${ROOT}${MAN_FOLDER}/${name}`), text);
  });

  Deno.test({
    name: `${MAN_FOLDER}/${name} is rendered without a warning`,
    ignore: MISSING !== undefined,
    fn: async () => {
      const path = `${ROOT}${MAN_FOLDER}/${name}`;
      for (
        const command of [
          ["groff", "-man", "-ww", "-z", path],
          ["man", "-l", "--warnings", "-Tutf8", "-P", "true", path],
        ] as const
      ) {
        const { success, stderr } = await new Deno.Command(command[0], {
          args: command.slice(1),
          env: { LC_ALL: "C.UTF-8", MANWIDTH: "100" },
        }).output();
        assertEquals(new TextDecoder().decode(stderr), "");
        assertEquals(success, true);
      }
    },
  });
}

Deno.test(`${MAN_FOLDER} has no other page`, async () => {
  const names = await Array.fromAsync(Deno.readDir(`${ROOT}${MAN_FOLDER}`));
  assertEquals(
    names.map(({ name }) => name).sort(),
    FILES.map(({ name }) => name).sort(),
  );
});

Deno.test("azure-provisioning(8) has every command and every option", () => {
  const text = textOf("azure-provisioning.8").replaceAll("\\-", "-");
  const commands = [...text.matchAll(/^\.SS "([a-z-]+)/gm)].map(([, it]) => it);
  assertEquals(commands, COMMANDS.map(({ name }) => name));
  const terms = termsOf("azure-provisioning.8");
  const options = [...COMMON_OPTIONS, ...COMMAND_OPTIONS]
    .map(({ name }) => `--${name}`);
  assertEquals(options.filter((it) => !terms.includes(it)), []);
});

Deno.test("azure-provisioning.conf(5) has every key", () => {
  assertEquals(termsOf("azure-provisioning.conf.5"), [...CONFIG_KEYS]);
});

Deno.test("azure-provisioning-install(8) has every option of the three scripts", async () => {
  const terms = termsOf("azure-provisioning-install.8");
  for (const tool of [[], ["--check"], ["--generalize"]]) {
    const help = await new Deno.Command("sh", {
      args: [`${ROOT}install.sh`, ...tool, "--help"],
    }).output();
    const text = new TextDecoder().decode(help.stdout);
    for (const [, option] of text.matchAll(/^ {2}(--[a-z-]+)/gm)) {
      assertEquals(terms.includes(option!), true, option);
    }
  }
});

Deno.test("readHelp() reads usage, options of several lines, and the rest", () => {
  assertEquals(
    readHelp(`Does it.

Usage: it [OPTION]...     does it
       it --undo          undoes it

  --root DIR  where
              and how
  --help      this text

Exit status: 0 done,
1 not.
`),
    {
      usage: ["it [OPTION]...     does it", "it --undo          undoes it"],
      options: [["--root DIR", "where; and how"], ["--help", "this text"]],
      texts: ["Does it.", "Exit status: 0 done, 1 not."],
    },
  );
});
