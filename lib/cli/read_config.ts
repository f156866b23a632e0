import { readTrusted } from "../files/trusted_file.ts";
import { fileProblem } from "../files/write_atomically.ts";
import type { Options } from "./options.ts";
import { configError, parseConfig } from "./parse_config.ts";

/** The largest configuration file that is read, in bytes. */
const MAX_CONFIG_BYTES = 64 * 1024;

/**
 * Reads the configuration file. Only root and the caller may be able to write it, as it
 * decides which programs root runs and what the platform is told.
 *
 * @param path Where it is.
 * @returns The options that it sets.
 * @throws {ProvisioningError} If it cannot be read, trusted or used.
 */
export function readConfig(path: string): Partial<Options> {
  let bytes: Uint8Array;
  try {
    bytes = readTrusted(path, MAX_CONFIG_BYTES);
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
