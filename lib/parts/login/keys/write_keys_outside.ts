import { fileProblem } from "../../../files/file_problem.ts";
import { isThere } from "../../../files/is_there.ts";
import { readBounded } from "../../../files/read_bounded.ts";
import { writeAtomically } from "../../../files/write_atomically.ts";
import { ExitCode, ProvisioningError } from "../../../provisioning_error.ts";
import type { Account } from "../account/accounts.ts";
import { withKeys } from "./authorized_keys.ts";
import { keyFileOutside, keyFilesOf } from "../sshd/key_files.ts";
import {
  labelFiles,
  type LoginMachine,
  pathOnDisk,
  type ProgramMachine,
} from "../login_machine.ts";
import { lstatIfThere, trustProblem } from "../home/look_at.ts";
import { makeFolder } from "../make_folder.ts";
import { sshdConfigOf } from "../sshd/set_sshd_passwords.ts";
import { sshdFiles } from "../sshd/sshd_files.ts";
import { readSshdLines } from "../sshd/sshd_lines.ts";

/** The largest file that is read and replaced, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The part of a machine that {@linkcode writeKeysOutside} needs. */
type OutsideMachine = ProgramMachine & Pick<LoginMachine, "etcDir" | "log">;

/**
 * Finds the file outside of the home in which sshd looks for a user's keys, if it does not
 * look in the home.
 *
 * @returns Its path on a real machine; `undefined` if keys go to the home.
 */
export function outsideFileOf(
  account: Account,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): string | undefined {
  const config = sshdConfigOf({ etcDir });
  if (config === undefined) return undefined;
  const files = sshdFiles({ etcDir, withDropIn: false });
  const { lines, problem } = readSshdLines(config, files);
  if (problem !== undefined) return undefined;
  // Which groups the user has, matters only to a Match for them.
  const user = { ...account, groups: undefined };
  const found = keyFilesOf(lines, user);
  return found && keyFileOutside(found, user);
}

/**
 * Adds keys to a file of root's, in a folder of root's, which the user can read and not
 * change.
 *
 * @param path What {@linkcode outsideFileOf} returned.
 * @param lines Keys as `cleanSshKey` returns them.
 * @returns Whether the file had to be written.
 * @throws {ProvisioningError} If the folder is not root's alone, or nothing can be written.
 */
export async function writeKeysOutside(
  path: string,
  lines: readonly string[],
  machine: OutsideMachine,
): Promise<boolean> {
  const file = pathOnDisk(path, machine.etcDir);
  const folder = file.slice(0, file.lastIndexOf("/"));
  try {
    if (!isThere(folder)) await makeFolder(folder, "0755", machine);
    const problem = folderProblem(folder);
    if (problem !== undefined) throw new Error(`"${folder}": ${problem}`);
    const info = lstatIfThere(file);
    if (info !== undefined && !info.isFile) throw new Error("it is not a file");
    const existing = info === undefined
      ? new Uint8Array()
      : readBounded(file, MAX_FILE_BYTES);
    const content = withKeys(existing, lines);
    const isReadable = info?.uid === 0 && ((info.mode ?? 0) & 0o022) === 0 &&
      ((info.mode ?? 0) & 0o044) === 0o044;
    if (content === existing && isReadable) return false;
    writeAtomically(file, content, { mode: 0o644 });
  } catch (error) {
    machine.signal?.throwIfAborted();
    throw new ProvisioningError(
      `Cannot write "${file}", where sshd reads keys: ${
        fileProblem(error)
      }; check that it is in a folder of root's, and on a disk that is writable`,
      {
        key: "authorized_keys_not_written",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
  await labelFiles([file], machine);
  return true;
}

function folderProblem(folder: string): string | undefined {
  const info = Deno.lstatSync(folder);
  return trustProblem(info, 0) ??
    (info.isDirectory ? undefined : "it is not a folder");
}
