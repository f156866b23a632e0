import type { Log } from "../log/log.ts";
import { type Mark, ownerOf, type VmIdentity } from "./mark.ts";
import { readMark } from "./mark_file.ts";

/** Options of {@linkcode findMark}. */
export interface FindMarkOptions {
  /** Where the mark is. */
  readonly stateDir: string;
  /** Provision even if the mark says that it is done. */
  readonly force: boolean;
  /** The journal. */
  readonly log: Log;
}

/**
 * Finds the mark of an earlier run, unless it cannot be read or is not to count.
 *
 * @param options Where it is, and whether it counts.
 * @returns The mark that counts, if there is one.
 */
export async function findMark(
  { stateDir, force, log }: FindMarkOptions,
): Promise<Mark | undefined> {
  const found = await readMark(stateDir);
  if (found.kind === "unreadable") {
    log.warn(`${found.reason}; provisioning as if there were none`);
  }
  if (found.kind !== "mark") return undefined;
  if (!force) return found.mark;
  log.info(
    `This VM was provisioned at ${found.mark.at}, and is again, as asked`,
  );
  return undefined;
}

/**
 * Says whether a mark is this VM's as far as the metadata tell, so that a VM that is
 * done is left alone at once.
 *
 * @param mark The mark.
 * @param vmId The VM's id, if the metadata could be had.
 * @param log The journal.
 * @returns Whether there is nothing to do.
 */
export function isOfVm(
  mark: Mark,
  vmId: string | undefined,
  log: Log,
): boolean {
  return isSame(mark, { vmId }, log);
}

/**
 * Says whether a mark is this VM's where the VM's id does not tell: then the goal
 * state's role instance does.
 *
 * @param mark The mark.
 * @param vm What is known of the VM.
 * @param log The journal.
 * @returns Whether there is nothing to do.
 */
export function isOfInstance(
  mark: Mark,
  vm: Required<VmIdentity>,
  log: Log,
): boolean {
  if (ownerOf(mark, { vmId: vm.vmId }) !== "unknown") return false;
  if (ownerOf(mark, vm) === "unknown") {
    log.info("The mark does not tell of which VM it is: provisioning again");
  }
  return isSame(mark, vm, log);
}

function isSame(mark: Mark, vm: VmIdentity, log: Log): boolean {
  const owner = ownerOf(mark, vm);
  if (owner === "same") {
    log.info(
      `This VM was provisioned at ${mark.at}: nothing to do (--force provisions again)`,
    );
  }
  if (owner === "another") {
    const [marked, known] = mark.vmId === undefined || vm.vmId === undefined
      ? [mark.instanceId, vm.instanceId]
      : [mark.vmId, vm.vmId];
    log.info(
      `The mark is of the VM "${marked}", this is "${known}": provisioning`,
    );
  }
  return owner === "same";
}
