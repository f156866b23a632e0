import type { Host } from "./host.ts";

/** Where the kernel shows the tag that the firmware gives the chassis. */
export const CHASSIS_TAG_PATH = "/sys/class/dmi/id/chassis_asset_tag";

/** The tag of every VM of Azure, as cloud-init and azure-init know it. */
const AZURES_TAG = "7783-7084-3265-9085-8269-3286-77";

/** What a tag that proves nothing is like: Azure's, in whatever company, or blank. */
const AZURES_OR_BLANK = `${AZURES_TAG}|^[^[:graph:]]*$`;

/** No system has it in a folder for administration. */
export const GREP_FOLDERS: readonly string[] = [
  "/usr/bin",
  "/bin",
  "/run/current-system/sw/bin",
];

/** It reads one line. */
const GREP_TIMEOUT_MS = 2_000;

/** Options of {@linkcode isChassisOfAnother}. */
export interface ChassisOptions {
  /** Ends it early. */
  readonly signal: AbortSignal;
  /**
   * The file of the tag; for tests.
   *
   * @default {CHASSIS_TAG_PATH}
   */
  readonly path?: string;
}

/**
 * Says whether the chassis has a tag, and that is not Azure's.
 *
 * Deno reads nothing in `/sys` but with all permissions, so grep looks, for a line that
 * is not Azure's: only that it found one is an answer. Needs `--allow-run` for it. Not
 * cmp: GNU's takes two files for different by their sizes, and all in `/sys` have 4096.
 *
 * @param host What runs grep.
 * @param options How to end it.
 * @returns Whether it is certain that the chassis is another's; `false` where there is no
 * tag, no grep, or anything went wrong.
 */
export async function isChassisOfAnother(
  host: Pick<Host, "run">,
  { signal, path = CHASSIS_TAG_PATH }: ChassisOptions,
): Promise<boolean> {
  const { kind } = await host.run("grep", {
    args: ["-q", "-v", "-E", "-e", AZURES_OR_BLANK, path],
    folders: GREP_FOLDERS,
    timeoutMs: GREP_TIMEOUT_MS,
    signal,
  });
  return kind === "ok";
}
