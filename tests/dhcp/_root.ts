import { type TempDir, tempDir } from "../helpers/temp_dir.ts";

/** Makes a root with these files in it, by their paths. */
export async function rootWith(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<TempDir> {
  const root = await tempDir();
  for (const [path, content] of Object.entries(files)) {
    const file = `${root.path}${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(
      file,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
  return root;
}
