import { ExitCode } from "../exit_code.ts";
import { fileProblem } from "../files/write_atomically.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import type { Account } from "./accounts.ts";
import { withKeys } from "./authorized_keys.ts";
import {
  checkHome,
  type HomesDir,
  lstatIfThere,
  trustProblem,
} from "./home.ts";
import { inStaging } from "./staging.ts";

/** What {@linkcode writeAuthorizedKeys} did. */
export interface KeysWritten {
  /** Whether the file had to be written. */
  readonly changed: boolean;
  /** The folder and the file. */
  readonly paths: readonly [folder: string, file: string];
}

/** The largest file that is read and written again, in bytes. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Adds keys to a user's `.ssh/authorized_keys`, as root, in a folder that is the
 * user's.
 *
 * No symbolic link is followed, and nothing is changed whose lines or place somebody
 * else may have chosen: see `checkHome` and `trustProblem`. The new file, and the new
 * `.ssh`, are made where only root can reach them, and take their place at once; after
 * a crash, either the old file or the new one is there. What was there in their place
 * all along is looked at again at the end, as the user could have moved it.
 *
 * @param account Whose keys.
 * @param lines Keys as `cleanSshKey` makes them.
 * @param homes Where the home may be.
 * @returns What was done.
 * @throws {ProvisioningError} If something on the way cannot be trusted, or written.
 */
export async function writeAuthorizedKeys(
  account: Account,
  lines: readonly string[],
  homes: HomesDir,
): Promise<KeysWritten> {
  const home = await checkHome(account, homes);
  const folder = `${home}/.ssh`;
  const file = `${folder}/authorized_keys`;
  const paths = [folder, file] as const;
  try {
    const folderInfo = await lstatIfThere(folder);
    checkFolder(folder, folderInfo, account);
    const fileInfo = await lstatIfThere(file);
    checkFile(file, fileInfo, account);
    const existing = fileInfo === undefined
      ? new Uint8Array()
      : await readSame(file, fileInfo);
    const content = withKeys(existing, lines);
    if (content === existing && canRead(fileInfo, account)) {
      return { changed: false, paths };
    }
    const parent = home.slice(0, home.lastIndexOf("/"));
    await inStaging(parent, async (path) => {
      const madeFolder = `${path}/.ssh`;
      await Deno.mkdir(madeFolder, { mode: 0o700 });
      const madeFile = `${madeFolder}/authorized_keys`;
      const { ino } = await makeFile(madeFile, content, account);
      if (folderInfo === undefined) {
        await Deno.chown(madeFolder, account.uid, account.gid);
        await Deno.rename(madeFolder, folder);
        await sync(home);
      } else await Deno.rename(madeFile, file);
      await sync(folder);
      await checkPlace(folder, folderInfo, file, ino);
    });
    return { changed: true, paths };
  } catch (error) {
    if (error instanceof ProvisioningError) throw error;
    throw new ProvisioningError(
      `Cannot write "${file}": ${
        fileProblem(error)
      }; see that it can be written, and that the home is on the file system of the folder above it`,
      {
        key: "authorized_keys_not_written",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}

function checkFolder(
  path: string,
  info: Deno.FileInfo | undefined,
  { uid }: Account,
): void {
  if (info === undefined) return;
  const problem = trustProblem(info, uid) ??
    (info.isDirectory ? undefined : "it is no folder") ??
    (info.uid === uid || ((info.mode ?? 0) & 0o005) === 0o005
      ? undefined
      : "it belongs to root, and its user cannot read it");
  if (problem !== undefined) throw unsafe(path, problem);
}

function checkFile(
  path: string,
  info: Deno.FileInfo | undefined,
  { uid }: Account,
): void {
  if (info === undefined) return;
  const problem = trustProblem(info, uid) ??
    (info.isFile ? undefined : "it is no file") ??
    (info.nlink === 1 ? undefined : "it has another name elsewhere") ??
    (info.size <= MAX_FILE_BYTES
      ? undefined
      : `it is over ${MAX_FILE_BYTES} bytes`);
  if (problem !== undefined) throw unsafe(path, problem);
}

/** sshd reads the file as its user. */
function canRead(info: Deno.FileInfo | undefined, { uid }: Account): boolean {
  const bits = info?.uid === uid ? 0o400 : 0o004;
  return ((info?.mode ?? 0) & bits) !== 0;
}

/** What is opened is what was looked at. */
async function readSame(
  path: string,
  { dev, ino }: Deno.FileInfo,
): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const opened = await file.stat();
  if (opened.dev !== dev || opened.ino !== ino) {
    throw unsafe(path, "it was changed meanwhile");
  }
  return new Uint8Array(await new Response(file.readable).arrayBuffer());
}

async function makeFile(
  path: string,
  content: Uint8Array<ArrayBuffer>,
  { uid, gid }: Account,
): Promise<Deno.FileInfo> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  for (let written = 0; written < content.length;) {
    written += await file.write(content.subarray(written));
  }
  await Deno.chown(path, uid, gid);
  await file.sync();
  return await file.stat();
}

async function checkPlace(
  folder: string,
  before: Deno.FileInfo | undefined,
  file: string,
  ino: number | null,
): Promise<void> {
  const now = await Deno.lstat(folder);
  const isSame = now.isDirectory &&
    (before === undefined ||
      (now.dev === before.dev && now.ino === before.ino));
  if (!isSame || (await Deno.lstat(file)).ino !== ino) {
    throw unsafe(folder, "it was changed meanwhile");
  }
}

/** The new name is on the disk only when the folder is. */
async function sync(folder: string): Promise<void> {
  try {
    using handle = await Deno.open(folder);
    await handle.sync();
  } catch {
    // Not every file system lets a folder be synced; the file is whole either way.
  }
}

function unsafe(path: string, problem: string): ProvisioningError {
  return new ProvisioningError(
    `Cannot trust "${path}" with keys: ${problem}; put it right, or take it away`,
    { key: "authorized_keys_unsafe", exitCode: ExitCode.configuration },
  );
}
