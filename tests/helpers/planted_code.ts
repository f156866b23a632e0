import { CODE_CACHE, HOST, SCRIPT } from "../../tools/build/names.ts";

/** The file that planted code leaves when it runs; the program may write there. */
export const PLANTED_SIGN = "/var/lib/azure-provisioning/planted";

const NAMES = [
  SCRIPT,
  CODE_CACHE,
  "tools/build/start.js",
  "lib/simulator/mod.js",
  "lib/cli/versions.js",
];

/** Where the compiled program's code would be below a folder, if it were on the disk. */
const PLACES = NAMES.flatMap((name) => [
  name,
  `dist/azure-provisioning.parts/${name}`,
  `dist/azure-provisioning.parts/vendor/${HOST}/${name}`,
]);

const CODE =
  `Deno.mkdirSync("/var/lib/azure-provisioning", { recursive: true });
Deno.writeTextFileSync("${PLANTED_SIGN}", "");
Deno.exit(42);
`;

/**
 * Plants code wherever the runtime could look for the program's.
 *
 * @param folder The folder that `TMPDIR` leads to.
 */
export async function plantCode(folder: string): Promise<void> {
  const root = `${folder}/deno-compile-azure-provisioning`;
  for (const place of PLACES) {
    const path = `${root}/${place}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, CODE);
  }
}
