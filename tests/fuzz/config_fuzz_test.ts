import { assert } from "@std/assert";
import fc from "fast-check";
import { CONFIG_KEYS, parseConfig } from "../../lib/cli/config_file.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { attempt } from "./_attempt.ts";
import { fuzz } from "./_fuzz.ts";
import { text, word } from "./_texts.ts";

const value = fc.oneof(
  fc.constantFrom("true", "false", "hostname", "5", "json", "/a", "adm,sudo"),
  word,
  text,
);
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom(...CONFIG_KEYS), value)
      .map((parts) => parts.join(" = ")),
  },
  { weight: 1, arbitrary: fc.tuple(word, value).map((it) => it.join("=")) },
  { weight: 1, arbitrary: text },
);

fuzz("parseConfig() gives options, or an error that names the line", {
  room: "configuration",
  runs: 600,
  input: fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n")),
  check: (config) => {
    const outcome = attempt(() => parseConfig(config, "/c"), ProvisioningError);
    if (!outcome.ok) {
      assert(
        /^Cannot use the configuration file "\/c": line [1-9]\d*: \S/
          .test(outcome.error.message),
        outcome.error.message,
      );
      return;
    }
    const { timeoutMs, withParts = [], withoutParts = [] } = outcome.value;
    assert(timeoutMs === undefined || timeoutMs > 0);
    for (const name of withParts) assert(!withoutParts.includes(name));
  },
});
