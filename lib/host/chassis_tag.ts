import { GREP } from "./grep.ts";
import type { Host } from "./host.ts";

/** The kernel's file for the asset tag that the firmware gives the chassis. */
export const CHASSIS_TAG_PATH = "/sys/class/dmi/id/chassis_asset_tag";

/** The tag of every VM on Azure; cloud-init and azure-init look for the same one. */
const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77";

/** Matches tags that prove nothing: those that contain Azure's, and blank ones. */
const AZURE_OR_BLANK = `${AZURE_TAG}|^[^[:graph:]]*$`;

/** Reading one line takes far less, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 2_000;

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
 * Whether the chassis certainly belongs to a platform other than Azure: it has a tag,
 * and that is not Azure's.
 *
 * Deno reads `/sys` only with all permissions, so `grep` looks for a line that is not
 * Azure's, and only a match counts. Needs `--allow-run` for it. `cmp` would not do:
 * GNU's compares sizes first, and every file in `/sys` claims 4096 bytes.
 *
 * @returns `false` also if there is no tag, no grep, or anything fails.
 */
export async function isChassisOfAnother(
  host: Pick<Host, "run">,
  { signal, path = CHASSIS_TAG_PATH }: ChassisOptions,
): Promise<boolean> {
  const { kind } = await host.run(GREP, {
    args: ["-q", "-v", "-E", "-e", AZURE_OR_BLANK, path],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  });
  return kind === "ok";
}
