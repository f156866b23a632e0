import type { Log } from "../log/create_log.ts";
import type { ProvisionOptions } from "../provision/options.ts";
import type { Recorder } from "../record/recorder.ts";
import {
  type Mark,
  ownerOf,
  type Ownership,
  readMark,
  type VmIdentity,
  writeMark,
} from "./mark.ts";
import { VERSION } from "../version.ts";

/** Options of {@linkcode findMark}. */
export interface FindMarkOptions {
  /** Where the mark is. */
  readonly stateDir: string;
  /** Provision even if the mark says that it is done. */
  readonly force: boolean;
  /** The journal. */
  readonly log: Log;
}

/** What {@linkcode findMark} finds. */
export interface FoundMark {
  /** The mark that counts, if there is one. */
  readonly mark: Mark | undefined;
  /** Whether there is one at all, so that the VM may be ready. */
  readonly mayBeReady: boolean;
}

/**
 * Finds the mark of an earlier run; one that cannot be read, or is not to, does not
 * count.
 *
 * @param options Where it is, and whether it counts.
 * @returns What there is.
 */
export function findMark(
  { stateDir, force, log }: FindMarkOptions,
): FoundMark {
  const found = readMark(stateDir);
  switch (found.kind) {
    case "none":
      return { mark: undefined, mayBeReady: false };
    case "unreadable":
      log.warn(`${found.reason}; provisioning as if there were none`);
      return { mark: undefined, mayBeReady: true };
    case "mark":
      if (!force) return { mark: found.mark, mayBeReady: true };
      log.info(
        `This VM was provisioned at ${found.mark.at}, and is again, as asked`,
      );
      return { mark: undefined, mayBeReady: true };
  }
}

/**
 * Says whose mark it is, and logs what that means.
 *
 * @param mark The mark.
 * @param vm What is known of the VM.
 * @param log The journal.
 * @returns Whose it is.
 */
export function judgeMark(mark: Mark, vm: VmIdentity, log: Log): Ownership {
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
  return owner;
}

/**
 * Marks the VM as done; on a disk that is full, the record has to make room for that.
 *
 * @param vm Whose mark it is, as far as that is known.
 * @param options Where the mark is.
 * @param recorder Keeps the record.
 * @throws {ProvisioningError} If the mark cannot be written.
 */
export function leaveMark(
  { vmId, instanceId }: Readonly<
    Record<"vmId" | "instanceId", string | undefined>
  >,
  { stateDir }: ProvisionOptions,
  recorder: Recorder,
): void {
  const mark = {
    ...(vmId === undefined ? {} : { vmId: vmId.toLowerCase() }),
    instanceId,
    at: new Date().toISOString(),
    version: VERSION,
  };
  try {
    writeMark(stateDir, mark);
  } catch {
    recorder.discard();
    writeMark(stateDir, mark);
  }
}
