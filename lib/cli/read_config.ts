import { fileProblem } from "../files/write_atomically.ts";
import type { Options } from "./options.ts";
import { configError, parseConfig } from "./parse_config.ts";

/** The largest configuration file that is read, in bytes. */
const MAX_CONFIG_BYTES = 64 * 1024;

/**
 * Reads the configuration file.
 *
 * @param path Where it is.
 * @returns The options that it sets.
 * @throws {ProvisioningError} If it cannot be read or used.
 */
export async function readConfig(path: string): Promise<Partial<Options>> {
  let bytes: Uint8Array;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new Error("it is not a file");
    if (size > MAX_CONFIG_BYTES) {
      throw new Error(`it is over ${MAX_CONFIG_BYTES} bytes`);
    }
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw configError(path, fileProblem(error));
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, "it is not UTF-8");
  }
  return parseConfig(text, path);
}
