import { assertEquals, assertMatch } from "@std/assert";
import { CONFIG_KEYS, parseConfig } from "../../lib/cli/config_file.ts";
import {
  DEFAULT_OPTIONS,
  DEFAULT_TIMEOUT_MS,
  type Options,
} from "../../lib/cli/options.ts";
import { readPage, sectionOf } from "./_pages.ts";
import { ROOT } from "../helpers/program.ts";

const PATH = "units/common/azure-provisioning.conf";
const TEXT = await Deno.readTextFile(`${ROOT}${PATH}`);
const DEFAULTS: Readonly<Partial<Options>> = {
  ...DEFAULT_OPTIONS,
  timeoutMs: DEFAULT_TIMEOUT_MS,
};

/** A key of the file, the value that is commented out, and the comment above. */
interface Entry {
  readonly key: string;
  readonly value: string;
  readonly comment: string;
}

const ENTRIES: readonly Entry[] = TEXT.split("\n\n").flatMap((block) => {
  const match = /^((?:# .*\n)+)#([a-z-]+) = (.+)\n?$/.exec(block);
  return match === null
    ? []
    : [{ comment: match[1]!, key: match[2]!, value: match[3]! }];
});

Deno.test("the annotated configuration file has every key, in their order", () => {
  assertEquals(ENTRIES.map(({ key }) => key), CONFIG_KEYS);
});

Deno.test("the annotated configuration file sets nothing as it is", () => {
  assertEquals(parseConfig(TEXT, PATH), {});
});

Deno.test("the annotated configuration file can be used with every key set", () => {
  const text = TEXT.replaceAll(/^#(?=[a-z-]+ = )/gm, "");
  for (const { key, value } of ENTRIES) {
    assertMatch(text, new RegExp(`^${key} = ${RegExp.escape(value)}$`, "m"));
  }
  parseConfig(text, PATH);
});

for (const { key, value, comment } of ENTRIES) {
  Deno.test(`the annotated configuration file has the default of ${key}`, () => {
    const set = parseConfig(`${key} = ${value}`, PATH);
    const names = namesSetBy(key, value);
    for (const name of names) {
      const byDefault = DEFAULTS[name];
      if (byDefault === undefined || isEmptyList(byDefault)) {
        assertMatch(comment, /\bDefault: .*\. Example:\n$/);
      } else {
        assertEquals(set[name] ?? false, byDefault);
      }
    }
    assertEquals(names.length, 1);
  });
}

Deno.test("docs/configuration.md has the defaults of the annotated file", async () => {
  const keys = sectionOf(await readPage("docs/configuration.md"), "## Keys");
  for (const { key, value, comment } of ENTRIES) {
    if (comment.endsWith("Example:\n")) continue;
    const row = new RegExp(
      `^\\| \`${key}\` +\\| \`${RegExp.escape(value)}\` `,
      "m",
    );
    assertMatch(keys, row);
  }
});

/** A flag that is false sets nothing, so what it would set says which it is. */
function namesSetBy(key: string, value: string): (keyof Options)[] {
  const text = `${key} = ${value === "false" ? "true" : value}`;
  return Object.keys(parseConfig(text, PATH)) as (keyof Options)[];
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
