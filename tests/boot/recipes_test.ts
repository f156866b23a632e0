import { assertEquals, assertStringIncludes } from "@std/assert";
import { readPage, sectionOf } from "../docs/_pages.ts";
import { run } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { bootAndLogIn } from "./_boot_and_log_in.ts";
import { bootTest } from "./_boot_case.ts";
import { cached, shortHash } from "./_cache.ts";
import { layOver } from "./_overlay.ts";
import { temporaryFolder } from "./_temporary_folder.ts";

const PAGE = await readPage("docs/image-builders.md");

/** The script of a section. */
function scriptOf(heading: string): string {
  return /```sh\n([\s\S]*?)```/.exec(sectionOf(PAGE, heading))![1]!;
}

for (const suite of ["bookworm", "trixie"]) {
  bootTest(
    `the recipe for mmdebstrap and those for disks, as they are printed, make an image of ${suite} that boots, reports and lets its owner in`,
    async () => {
      await using folder = await temporaryFolder();
      const [bootstrap, ...rest] = scriptOf("## mmdebstrap").split(
        /^(?=printf)/m,
      );
      // The packages stay the same, and are fetched once.
      const base = await cached(
        `recipes/${suite}-${await shortHash(bootstrap!)}`,
        async (tree) => {
          await shell(bootstrap!, suite, tree);
        },
      );
      await using disk = await layOver([base], folder.path);
      const { stdout } = await shell(
        `${
          rest.join("").replaceAll(
            "azure-provisioning/install.sh",
            `${ROOT}install.sh`,
          )
        }${scriptOf("## What a first boot also wants")}`,
        suite,
        disk.tree,
      );
      assertStringIncludes(stdout, "\nThis image is ready for Azure, with ");
      await bootAndLogIn(disk, folder.path);
    },
  );
}

/** Runs a script that says "set -eu" itself, or is the first half of one that does. */
async function shell(script: string, suite: string, tree: string) {
  const { code, stdout, stderr } = await run(
    "env",
    [`SUITE=${suite}`, `TREE=${tree}`, "sh", "-euc", script],
    900_000,
  );
  assertEquals(code, 0, `${stdout}${stderr}`);
  return { stdout };
}
