import { succeed } from "../helpers/command.ts";
import { cached, shortHash } from "./_cache.ts";
import { INITS } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";
import { packagesOf, type Recipe } from "./_recipes.ts";

const MAKING_TIMEOUT_MS = 900_000;

/** The name that the host has in an image. */
export const IMAGE_HOST_NAME = "image";

/** Programs that a root must not have, as the program is to work without them. */
const UNWANTED = /^(?:python[0-9.]*|node|nodejs|curl|wget|deno)$/;

/**
 * Makes a root from Debian packages, or finds it made by an earlier run. Nobody may
 * write to it: see {@linkcode Overlay}.
 *
 * @param recipe How it is made; another recipe of the same name is another root.
 * @returns Its folder, in the user's cache.
 */
export async function rootOf(recipe: Recipe): Promise<string> {
  return await cached(
    `roots/${recipe.name}-${await hashOf(recipe)}`,
    (root) => make(recipe, root),
  );
}

async function make(recipe: Recipe, root: string): Promise<void> {
  const { files, links } = INITS[recipe.init];
  await succeed("mmdebstrap", [
    "--quiet",
    "--mode=root",
    "--variant=essential",
    `--include=${packagesOf(recipe).join(",")}`,
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    recipe.suite,
    root,
  ], MAKING_TIMEOUT_MS);
  await putFiles(root, [
    ...files,
    ...recipe.files,
    { path: "/etc/hostname", text: `${IMAGE_HOST_NAME}\n` },
    { path: "/etc/hosts", text: "127.0.0.1\tlocalhost\n" },
    { path: "/etc/machine-id", text: "" },
  ], links);
  await Deno.remove(`${root}/var/lib/dbus/machine-id`).catch(() => {});
  if (recipe.init === "systemd") {
    await Deno.mkdir(`${root}/var/log/journal`, { recursive: true });
    await succeed("systemctl", [`--root=${root}`, "mask", "getty.target"]);
  }
  for (const unit of recipe.enable ?? []) {
    await succeed("systemctl", [`--root=${root}`, "enable", unit]);
  }
}

/**
 * Lists the programs in a root that a bare image does not have.
 *
 * @param root The root's folder.
 * @returns Their paths in it.
 */
export async function unwantedPrograms(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["usr/bin", "usr/sbin", "usr/local/bin"]) {
    for await (const { name } of Deno.readDir(`${root}/${folder}`)) {
      if (UNWANTED.test(name)) found.push(`/${folder}/${name}`);
    }
  }
  return found;
}

/** Whatever a root depends on is in its hash. */
async function hashOf(recipe: Recipe): Promise<string> {
  const { files, links } = INITS[recipe.init];
  const all = JSON.stringify([
    recipe,
    packagesOf(recipe),
    files,
    links,
    make.toString(),
  ]);
  return await shortHash(all);
}
