import { succeed } from "../helpers/command.ts";

/**
 * Makes something that takes long and stays the same, or finds it made by an
 * earlier run. Nobody may write to it.
 *
 * @param name Its path in the user's cache; what it depends on has to be part of it.
 * @param make What makes it, in the folder that it is given, which is not there yet.
 * @returns Its folder.
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const made = `${cacheFolder()}/azure-provisioning/${name}`;
  await Deno.mkdir(made.slice(0, made.lastIndexOf("/")), { recursive: true });
  if (await isThere(made)) return made;
  using lock = await Deno.open(`${made}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await isThere(made)) return made;
  const unfinished = `${made}.unfinished`;
  await succeed("rm", ["-rf", "--one-file-system", unfinished]);
  await make(unfinished);
  await Deno.rename(unfinished, made);
  return made;
}

/**
 * Hashes what something cached depends on.
 *
 * @param text What it depends on.
 * @returns Twelve characters for its name.
 */
export async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return [...new Uint8Array(digest).subarray(0, 6)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function cacheFolder(): string {
  const folder = Deno.env.get("XDG_CACHE_HOME");
  if (folder?.startsWith("/")) return folder;
  return `${Deno.env.get("HOME") ?? "/root"}/.cache`;
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}
