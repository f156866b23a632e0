import { assert, assertEquals } from "@std/assert";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { CONFIG_KEYS } from "../../lib/cli/config_file.ts";
import { COMMAND_OPTIONS, COMMON_OPTIONS } from "../../lib/cli/option_specs.ts";
import { PARTS } from "../../lib/parts/parts.ts";
import { permissions } from "../../lib/permissions.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import { readPage, sectionOf } from "./_pages.ts";
import { ROOT } from "../helpers/program.ts";

const SECURITY = await readPage("docs/security.md");
const TROUBLESHOOTING = await readPage("docs/troubleshooting.md");
const COMMANDS_PAGE = await readPage("docs/commands.md");
const SIMULATOR = await readPage("docs/simulator.md");
const PARTS_PAGE = await readPage("docs/parts.md");
const CONFIGURATION = await readPage("docs/configuration.md");

/** Signals that end the program, as shells count them. */
const SIGNAL_STATUSES = [129, 130, 143];

function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The items of a section's list, each on one line, without their hyphens. */
function itemsOf(section: string): string[] {
  return section.split(/^- /m).slice(1)
    .map((item) => plain(item.split(/\n\n|\n(?! )/)[0]!));
}

/** What is set as code within the lines of a text. */
function codeIn(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, "");
  return [...prose.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}

for (const { flag } of permissions) {
  const [name, values = ""] = flag.replace("--allow-", "").split("=");

  Deno.test(`docs/security.md names every permission of --allow-${name}`, () => {
    const section = sectionOf(SECURITY, `### \`${name}\``);
    const named = codeIn(section);
    for (const value of values.split(",").filter((it) => it !== "")) {
      const slash = value.lastIndexOf("/");
      const words = name === "run"
        ? [value.slice(0, slash), value.slice(slash + 1)]
        : [value];
      for (const word of words) assert(named.includes(word), word);
    }
  });

  if (name === "write") {
    Deno.test("docs/security.md names no path that is not writable", () => {
      const given = values.split(",");
      const paths = codeIn(sectionOf(SECURITY, "### `write`"))
        .filter((it) => it.startsWith("/"));
      const others = paths.filter((path) =>
        !given.some((it) => path === it || path.startsWith(`${it}/`))
      );
      assertEquals(others, []);
    });
  }
}

Deno.test("docs/security.md says which programs are given up with which part", () => {
  const section = sectionOf(SECURITY, "## Giving up permissions");
  const parts = PARTS;
  const items = itemsOf(section).map((item) => codeIn(item));
  assertEquals(
    items.map(([option, ...programs]) => [option, programs.sort()]).sort(),
    parts.filter(({ programs }) => programs.length > 0)
      .map(({ name, programs }) => [`without = ${name}`, [...programs].sort()])
      .sort(),
  );
});

Deno.test("docs/troubleshooting.md has every exit status, and no other", () => {
  const items = itemsOf(sectionOf(TROUBLESHOOTING, "## Exit status"));
  assertEquals(
    items.flatMap((item) => codeIn(item.split(":")[0]!).map(Number)),
    [...Object.values(ExitCode), ...SIGNAL_STATUSES],
  );
});

Deno.test("docs/troubleshooting.md quotes lines that the program writes", async () => {
  const sources: string[] = [];
  await readSources(`${ROOT}lib`, sources);
  await readSources(`${ROOT}units/common`, sources);
  await readSources(`${ROOT}units/systemd`, sources);
  const source = sources.join("\n");
  const items = itemsOf(
    sectionOf(
      TROUBLESHOOTING,
      "## Lines of the journal, and their causes",
    ),
  );
  assert(items.length > 0);
  for (const item of items) {
    const words = codeIn(item)[0]!;
    assert(source.includes(words), `nothing writes "${words}"`);
  }
});

async function readSources(folder: string, texts: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await readSources(path, texts);
    else texts.push(await Deno.readTextFile(path));
  }
}

Deno.test("docs/commands.md has every command", () => {
  const names = itemsOf(COMMANDS_PAGE.text.split("\n## ")[0]!)
    .map((item) => codeIn(item)[0]!.split(" ")[0]!);
  assertEquals(
    [...new Set(names)].sort(),
    COMMANDS.map(({ name }) => name).sort(),
  );
});

Deno.test("docs/commands.md and docs/simulator.md have every option", () => {
  const named = codeIn(`${COMMANDS_PAGE.text}\n${SIMULATOR.text}`)
    .flatMap((it) => it.split(/[ |]/));
  for (const { name } of [...COMMON_OPTIONS, ...COMMAND_OPTIONS]) {
    assert(named.includes(`--${name}`), `--${name}`);
  }
});

Deno.test("docs/parts.md has the parts as the program has them, in their order", () => {
  const parts = PARTS_PAGE.text.split("\n### ").slice(1).map((text) => {
    const [name] = codeIn(text.split("\n")[0]!);
    return [name, ...itemsOf(text.split("\n## ")[0]!)];
  });
  assertEquals(
    parts,
    PARTS.map((part) => [
      part.name,
      `Does: ${part.summary}`,
      `Runs by default: ${part.default ? "yes" : "no"}`,
      `Needs: ${part.needs}`,
    ]),
  );
});

Deno.test("docs/configuration.md has every key of the configuration file, in their order", () => {
  const rows = sectionOf(CONFIGURATION, "## Keys").split("\n")
    .filter((line) => line.startsWith("| `"));
  assertEquals(rows.map((row) => codeIn(row)[0]), [...CONFIG_KEYS]);
});

Deno.test("docs/troubleshooting.md has the key of every failure of a first boot", async () => {
  const documented = codeIn(sectionOf(TROUBLESHOOTING, "## Keys"));
  const missing: string[] = [];
  for (const room of ["imds", "media", "parts", "wireserver"]) {
    for await (const source of sourcesIn(`${ROOT}lib/${room}`)) {
      for (const [, key] of source.matchAll(/\bkey: "([a-z]+(?:_[a-z]+)+)"/g)) {
        const isPrefix = key === "user_data" || key === "custom_data";
        if (!isPrefix && !documented.includes(key!)) missing.push(key!);
      }
    }
  }
  assertEquals(missing, []);
});

async function* sourcesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sourcesIn(path);
    else yield await Deno.readTextFile(path);
  }
}
