import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readPage, sectionOf } from "./_pages.ts";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const CONTRIBUTING = await readPage("docs/contributing.md");

/** A line that the page says to add. */
interface AddedLine {
  readonly file: string;
  /** The table or object that gets it. */
  readonly name: string;
  readonly line: string;
}

/** Reads the code of a section: a comment that names file and table, then the line. */
function addedLines(heading: string): AddedLine[] {
  const section = sectionOf(CONTRIBUTING, heading);
  return [...section.matchAll(/^\/\/ (\S+), in (\w+)\n(.+)$/gm)]
    .map(([, file, name, line]) => ({ file: file!, name: name!, line: line! }));
}

/** Copies lib, with the lines added. */
async function copyWith(
  added: readonly AddedLine[],
): Promise<Awaited<ReturnType<typeof tempDir>>> {
  const copy = await tempDir();
  await copyFolder(`${ROOT}lib`, `${copy.path}/lib`);
  for (const { file, name, line } of added) {
    const path = `${copy.path}/${file}`;
    const before = await Deno.readTextFile(path);
    const after = before.replace(
      new RegExp(`^( *(?:export )?const ${name}\\b.*[[{])$`, "m"),
      (start) => `${start}\n${line}`,
    );
    assert(after !== before, `"${file}" has no ${name}`);
    await Deno.writeTextFile(path, after);
  }
  return copy;
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

Deno.test("adding a metadata field takes the lines that docs/contributing.md says", async () => {
  const added = addedLines("### Adding a metadata field");
  assertEquals(added.map(({ file }) => file), [
    "lib/imds/instance.ts",
    "lib/simulator/compute_fields.ts",
    "lib/media/ovf_env.ts",
  ]);
  await using copy = await copyWith(added);
  const { startPlatform } = await import(`${copy.path}/lib/simulator/mod.ts`);
  const { parseInstance } = await import(`${copy.path}/lib/imds/instance.ts`);
  const { parseOvfEnv } = await import(`${copy.path}/lib/media/ovf_env.ts`);
  const { fillIn } = await import(`${copy.path}/lib/media/fill_in.ts`);
  const address = { hostname: "127.0.0.1", port: 0 };
  const platform = await startPlatform({ wireserver: address, imds: address });
  try {
    const response = await fetch(
      `http://127.0.0.1:${platform.imds.port}/metadata/instance?api-version=2021-08-01`,
      { headers: { "Metadata": "true" } },
    );
    const instance = parseInstance(await response.text());
    assertEquals(instance.costCenter, "4711");
  } finally {
    await platform.shutdown();
  }
  const media = parseOvfEnv(
    `<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:wa="http://schemas.microsoft.com/windowsazure">
      <wa:ProvisioningSection><wa:LinuxProvisioningConfigurationSet>
        <wa:CostCenter>4712</wa:CostCenter>
      </wa:LinuxProvisioningConfigurationSet></wa:ProvisioningSection>
    </Environment>`,
  ).instance;
  assertEquals(fillIn(parseInstance('{"compute":{}}'), media), {
    costCenter: "4712",
    fromMedia: ["costCenter"],
  });
});

Deno.test("adding a fault takes the row that docs/contributing.md says", async () => {
  const added = addedLines("### Adding a fault");
  assertEquals(added.map(({ file }) => file), [
    "lib/simulator/body_faults.ts",
  ]);
  await using copy = await copyWith(added);
  const { faultGroups, formatFaultGroups, parseFault, startPlatform } =
    await import(`${copy.path}/lib/simulator/mod.ts`);
  assertStringIncludes(
    formatFaultGroups(faultGroups()),
    "\n  teapot              a teapot\n",
  );
  const address = { hostname: "127.0.0.1", port: 0 };
  const platform = await startPlatform({
    wireserver: address,
    imds: address,
    faults: [parseFault("teapot@metadata=1")],
  });
  try {
    const response = await fetch(
      `http://127.0.0.1:${platform.imds.port}/metadata/instance?api-version=2021-08-01`,
      { headers: { "Metadata": "true" } },
    );
    await response.body?.cancel();
    assertEquals(response.status, 418);
  } finally {
    await platform.shutdown();
  }
});
