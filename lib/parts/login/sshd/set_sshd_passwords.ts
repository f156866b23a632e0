import { isThere } from "../../../files/is_there.ts";
import { shorten } from "../../../shorten.ts";
import { type LoginMachine, pathOnDisk } from "../login_machine.ts";
import { type SshdMachine, writeSshdDropIn } from "./sshd_drop_in.ts";
import { sshdFiles } from "./sshd_files.ts";
import {
  readSshdSettings,
  type SshdReading,
  type SshdSetting,
} from "./sshd_settings.ts";
import { SSHD_DROP_IN_FOLDER } from "../login_names.ts";

/** What sshd says about passwords once the program's own file is in place. */
export interface SshdResult extends SshdReading {
  /** Whether sshd reads that file for everybody; it is not written otherwise. */
  readonly isIncluded: boolean;
  /** Why that file could not be written, if so. */
  readonly notWritten?: string | undefined;
}

/** Returns the path of sshd's main configuration, or `undefined` if there is none. */
export function sshdConfigOf(
  { etcDir }: Pick<LoginMachine, "etcDir">,
): string | undefined {
  return ["/etc", "/usr/etc"].map((folder) => `${folder}/ssh/sshd_config`)
    .find((path) => isThere(pathOnDisk(path, etcDir)));
}

/**
 * Writes the program's own file for sshd, if sshd reads it, and then reads everything that
 * sshd reads.
 *
 * @param text The file's text.
 * @param config What {@linkcode sshdConfigOf} returned.
 * @throws {ProvisioningError} If the file cannot be written.
 */
export async function settingsWith(
  text: string,
  config: string,
  machine: SshdMachine,
): Promise<SshdResult> {
  const { etcDir } = machine;
  const planned = sshdFiles({ etcDir, withDropIn: true });
  const isIncluded = readSshdSettings(config, planned).settings
    .some(({ path, matches }) =>
      matches.length === 0 && planned.isDropIn(path)
    );
  const notWritten = isIncluded
    ? await writeSshdDropIn(text, machine)
    : undefined;
  const files = sshdFiles({ etcDir, withDropIn: false });
  return { ...readSshdSettings(config, files), isIncluded, notWritten };
}

/** Describes a setting that stands in the way, and where it is. */
export function describeSetting(setting: SshdSetting): string {
  const { keyword, value, path, line, matches } = setting;
  const conditions = matches.map((criteria) =>
    ` in "Match ${shorten(criteria)}"`
  );
  return `line ${line} of "${shorten(path)}" sets ${keyword} to "${
    shorten(value)
  }"${conditions.join("")}`;
}

/** Says what to do about such settings. */
export function remedyFor(
  { isIncluded }: Pick<SshdResult, "isIncluded">,
): string {
  return `fix that in the image${
    isIncluded
      ? ""
      : `, or include ${SSHD_DROP_IN_FOLDER}/*.conf at the start of its sshd_config`
  }`;
}
