import { fileProblem } from "../files/file_problem.ts";
import { isThere } from "../files/is_there.ts";
import type { CallContext } from "../http/retry.ts";

/**
 * The file beside the copy of the provisioning media that is there for as long as
 * something may still put the copy there: `units/common/media`, which looks for a drive.
 */
const AWAITED = "media-awaited";

/** The file that tells it that the program wants the media no more. */
const UNWANTED = "media-unwanted";

/** Where that is when the units start the program. */
export const MEDIA_UNWANTED_PATH: string =
  `/run/azure-provisioning/${UNWANTED}`;

/** How often to look, in milliseconds. */
const STEP_MS = 50;

/** How often the mark has to be missing. */
const MOST_MISSED = 2;

/** How long at most, in milliseconds: a drive that has not answered by then hangs. */
const LONGEST_MS = 75_000;

/** How long in milliseconds, if nothing has begun to look: it may not have been able to start. */
const LONGEST_UNBEGUN_MS = 15_000;

/**
 * Waits until the copy of the provisioning media is there, or nothing may put it there any
 * more. Whoever starts the program and what looks for the media says so first, with an empty
 * mark, so that nothing is waited for where nobody looks. What looks for them writes into it.
 *
 * @param path Where the copy goes.
 * @returns Whether it was waited for.
 * @throws The signal's reason, if it is aborted.
 */
export async function awaitMedia(
  path: string,
  { clock, deadline, signal }: CallContext,
): Promise<boolean> {
  const awaited = beside(path, AWAITED);
  const startMs = clock.now();
  const until = Math.min(deadline, startMs + LONGEST_MS);
  const unbegunUntil = Math.min(until, startMs + LONGEST_UNBEGUN_MS);
  let isWaited = false;
  // The mark first: the copy is there before the mark goes. It is missing for a moment
  // where a file system is mounted over the folder.
  let missed = isThere(awaited) ? 0 : MOST_MISSED;
  while (missed < MOST_MISSED && !isThere(path)) {
    if (clock.now() >= (isEmpty(awaited) ? unbegunUntil : until)) break;
    isWaited = true;
    await clock.sleep(STEP_MS, signal);
    missed = isThere(awaited) ? 0 : missed + 1;
  }
  return isWaited;
}

/**
 * Tells what looks for the media that it may end, and must leave no copy. To be called
 * before the copy is removed. Needs `--allow-write` for a file beside the copy. Does
 * nothing where its folder is not there.
 *
 * @returns Why that cannot be told, for a warning.
 */
export function giveUpMedia(path: string): string | undefined {
  const unwanted = beside(path, UNWANTED);
  try {
    Deno.writeTextFileSync(unwanted, "");
    return undefined;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    return `Cannot write "${unwanted}": ${
      fileProblem(error)
    }; what looks for the provisioning media may leave a copy until the next boot`;
  }
}

function isEmpty(path: string): boolean {
  try {
    return Deno.lstatSync(path).size === 0;
  } catch {
    return false;
  }
}

function beside(path: string, name: string): string {
  return `${path.slice(0, path.lastIndexOf("/"))}/${name}`;
}
