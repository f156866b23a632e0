/** What planted code leaves when it runs; the program may write there. */
export const PLANTED_SIGN = "/var/lib/azure-provisioning/planted";

const NAMES = [
  "compiled.js",
  "program.txt",
  "program.js",
  "code_cache.js",
  "mod.js",
  "versions.js",
];

/** Each place below a folder where the compiled program's code would be, were it on the disk. */
const PLACES = NAMES.flatMap((name) => [
  name,
  `dist/azure-provisioning.parts/${name}`,
  `dist/azure-provisioning.parts/vendor/azure-provisioning.invalid/${name}`,
]);

const CODE =
  `Deno.mkdirSync("/var/lib/azure-provisioning", { recursive: true });
Deno.writeTextFileSync("${PLANTED_SIGN}", "");
Deno.exit(42);
`;

/**
 * Plants code wherever the runtime may look for the program's.
 *
 * @param folder What TMPDIR leads to.
 */
export async function plantCode(folder: string): Promise<void> {
  const root = `${folder}/deno-compile-azure-provisioning`;
  for (const place of PLACES) {
    const path = `${root}/${place}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, CODE);
  }
}
