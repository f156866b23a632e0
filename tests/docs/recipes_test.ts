import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../helpers/command.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { readPage, sectionOf } from "./_pages.ts";

const PAGE = await readPage("docs/image-builders.md");

/** What Packer uploads: its own first line, and the commands. */
function packerScript(commands: readonly string[]): string {
  return `#!/bin/sh -e\n${commands.join("\n")}\n`;
}

/** The commands and the command line of the recipe for Packer. */
function packerStep(): { command: string; inline: readonly string[] } {
  const section = sectionOf(PAGE, "## Packer");
  const command = /execute_command = "(.*)"/.exec(section)?.[1];
  const inline = /inline = (\[\n[\s\S]*?\n {2}\])/.exec(section)?.[1];
  assert(command !== undefined && inline !== undefined);
  return {
    command,
    inline: JSON.parse(inline.replace(/,(\s*\])/, "$1")),
  };
}

for (const status of [0, 1, 78]) {
  Deno.test(`Packer's step as it is printed ends with ${status} if install.sh does`, async () => {
    await using temp = await tempDir();
    const { command, inline } = packerStep();
    // Only what is about the uploaded folder is done, and that is in another place here.
    const commands = inline.map((line) =>
      line.includes("/tmp/azure-provisioning")
        ? line.replaceAll("/tmp/", `${temp.path}/`)
        : "true"
    );
    assertEquals(commands.filter((line) => line !== "true").length, 4);
    await Deno.mkdir(`${temp.path}/azure-provisioning`);
    const install = `${temp.path}/azure-provisioning/install.sh`;
    await Deno.writeTextFile(
      install,
      `#!/bin/sh\necho "install.sh $*" >>"${temp.path}/log"\nexit ${status}\n`,
    );
    await Deno.chmod(install, 0o755);
    await Deno.writeTextFile(`${temp.path}/script.sh`, packerScript(commands));
    const { code } = await run("sh", [
      "-c",
      command.replace("{{ .Path }}", `${temp.path}/script.sh`)
        .replace(/^sudo /, ""),
    ]);
    assertEquals(code, status);
    const log = await Deno.readTextFile(`${temp.path}/log`);
    assertEquals(log.trim().split("\n").length, status === 0 ? 3 : 1, log);
  });
}

Deno.test("the recipes check what they made, and the shell stops at a failure", () => {
  const script = sectionOf(PAGE, "## mmdebstrap");
  assertStringIncludes(script, "\nset -eu\n");
  assertStringIncludes(script, 'install.sh --check --root "$TREE"\n```');
});
