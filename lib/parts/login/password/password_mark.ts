import { fileProblem } from "../../../files/file_problem.ts";
import { readBounded } from "../../../files/read_bounded.ts";
import { writeAtomically } from "../../../files/write_atomically.ts";
import type { PartContext } from "../../part.ts";

/** More than a mark has, in bytes. */
const MAX_MARK_BYTES = 1024;

/** What the mark needs to know of a run. */
type MarkContext = Pick<PartContext, "instance" | "stateDir">;

/**
 * Notes that this VM's admin user got the password, so that no later try sets it again: the
 * user may have changed it. It does not fail. A VM without an id leaves no mark.
 */
export function markPasswordSet(
  context: MarkContext & Pick<PartContext, "log">,
): void {
  const mark = markOf(context);
  if (mark === undefined) return;
  const path = pathOf(context);
  try {
    Deno.mkdirSync(context.stateDir, { recursive: true, mode: 0o755 });
    writeAtomically(path, mark, { mode: 0o600 });
  } catch (error) {
    context.log.debug(`Cannot write "${path}": ${fileProblem(error)}`);
  }
}

/** Whether this VM's admin user got the password already. */
export function isPasswordMarked(context: MarkContext): boolean {
  try {
    const bytes = readBounded(pathOf(context), MAX_MARK_BYTES);
    return new TextDecoder().decode(bytes) === markOf(context);
  } catch {
    return false;
  }
}

function pathOf({ stateDir }: Pick<PartContext, "stateDir">): string {
  return `${stateDir}/password-set.json`;
}

function markOf({ instance }: MarkContext): string | undefined {
  const { vmId, adminUsername } = instance;
  return vmId === undefined
    ? undefined
    : `${JSON.stringify({ vmId, adminUsername })}\n`;
}
