import { assertEquals, assertRejects } from "@std/assert";
import { withConfigFile } from "../../lib/cli/config_file.ts";
import type { Options } from "../../lib/cli/options.ts";
import { parseCommandLine } from "../../lib/cli/parse_command_line.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** What counts where the file says one thing and the command line another. */
async function together(
  content: string | Uint8Array,
  args: readonly string[],
): Promise<Readonly<Options>> {
  await using dir = await tempDir();
  const path = `${dir.path}/c`;
  await (typeof content === "string"
    ? Deno.writeTextFile(path, content)
    : Deno.writeFile(path, content));
  return await withConfigFile(
    parseCommandLine([...args, "--config", path]),
  );
}

Deno.test("the configuration file's values count where the command line has none", async () => {
  const options = await together("timeout = 7\nlog-level = debug", [
    "--timeout=9",
  ]);
  assertEquals([options.timeoutMs, options.logLevel], [9000, "debug"]);
  assertEquals(options.agentName, "custom-provisioning");
});

Deno.test("the command line brings back what the configuration file leaves out, and the other way round", async () => {
  for (const args of [["--with=hostname"], ["--require-hostname"]]) {
    const { withParts, withoutParts } = await together(
      "without = hostname",
      args,
    );
    assertEquals([withParts, withoutParts], [["hostname"], []]);
  }
  for (const text of ["with = hostname", "require-hostname = true"]) {
    const { withParts, withoutParts, requireHostName } = await together(text, [
      "--without=hostname",
    ]);
    assertEquals([withParts, withoutParts], [[], ["hostname"]]);
    assertEquals(requireHostName, false);
  }
});

Deno.test("a configuration file that cannot be read is an error that names it", async () => {
  await using dir = await tempDir();
  for (
    const [name, problem] of [
      ["none", "No such file or directory"],
      ["", "it is not a file"],
    ] as const
  ) {
    const path = `${dir.path}/${name}`.replace(/\/$/, "");
    const error = await assertRejects(
      () => withConfigFile(parseCommandLine(["--config", path])),
      ProvisioningError,
      `Cannot use the configuration file "${path}": ${problem}`,
    );
    assertEquals(error.exitCode, 78);
  }
  for (
    const [content, problem] of [
      [Uint8Array.of(0x23, 0xff), "it is not UTF-8"],
      [" ".repeat(65_537), "it is over 65536 bytes"],
    ] as const
  ) {
    await assertRejects(() => together(content, []), Error, problem);
  }
});

Deno.test("a command without --config reads no configuration file", async () => {
  const line = parseCommandLine(["goal-state"]);
  assertEquals(await withConfigFile(line), line.options);
});
