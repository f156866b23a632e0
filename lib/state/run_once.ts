import type { Log } from "../log/create_log.ts";
import { VERSION } from "../version.ts";
import {
  forgetMark,
  type Mark,
  ownerOf,
  readMark,
  type VmIdentity,
  writeMark,
} from "./mark.ts";

/** Options of {@linkcode RunOnce}. */
export interface RunOnceOptions {
  /** The folder of the mark. */
  readonly stateDir: string;
  /** Whether to provision even if the mark says that this VM is done. */
  readonly force: boolean;
  /** The journal. */
  readonly log: Log;
}

/** What an earlier run left. */
type Found =
  | { readonly kind: "none" }
  | { readonly kind: "mark"; readonly mark: Mark }
  /** There is one, but it cannot be read, or the caller said to ignore it. */
  | { readonly kind: "ignored" };

/** Decides whether this VM has been provisioned already, by the mark of an earlier run. */
export class RunOnce {
  readonly #options: RunOnceOptions;
  #found: Found;

  /**
   * Constructs a new instance, and reads the mark.
   *
   * @param options Where the mark is, and whether it counts.
   */
  constructor(options: RunOnceOptions) {
    this.#options = options;
    this.#found = find(options);
  }

  /** The mark that may be this VM's. */
  get mark(): Mark | undefined {
    return this.#found.kind === "mark" ? this.#found.mark : undefined;
  }

  /** Whether an earlier run may have reported this VM ready. */
  get mayBeReady(): boolean {
    return this.#found.kind !== "none";
  }

  /**
   * Compares the mark with this VM, and logs the result. Another VM's mark is removed.
   *
   * @param vm What is known of this VM.
   * @returns Whether this VM is done.
   */
  checkMark(vm: VmIdentity): boolean {
    const { mark } = this;
    const { stateDir, log } = this.#options;
    if (mark === undefined) return false;
    switch (ownerOf(mark, vm)) {
      case "same":
        log.info(
          `This VM was provisioned at ${mark.at}: nothing to do (--force provisions again)`,
        );
        return true;
      case "another": {
        const [marked, known] = mark.vmId === undefined || vm.vmId === undefined
          ? [mark.instanceId, vm.instanceId]
          : [mark.vmId, vm.vmId];
        log.info(
          `The mark is of the VM "${marked}", this is "${known}": provisioning`,
        );
        this.#found = { kind: "none" };
        forgetMark(stateDir, log);
        return false;
      }
      case "unknown":
        return false;
    }
  }
}

function find({ stateDir, force, log }: RunOnceOptions): Found {
  const found = readMark(stateDir);
  if (found.kind === "none") return found;
  if (found.kind === "unreadable") {
    log.warn(`${found.reason}; provisioning as if there were none`);
    return { kind: "ignored" };
  }
  if (!force) return found;
  log.info(
    `This VM was provisioned at ${found.mark.at}, and is again, as asked`,
  );
  return { kind: "ignored" };
}

/** Options of {@linkcode leaveMark}. */
export interface LeaveMarkOptions {
  /** The folder of the mark. */
  readonly stateDir: string;
  /** Makes room on a full disk. */
  readonly makeRoom: () => void;
}

/**
 * Marks the VM as done.
 *
 * @param vm Whose mark it is, as far as that is known.
 * @param options Where the mark is.
 * @throws {ProvisioningError} If the mark cannot be written.
 */
export function leaveMark(
  { vmId, instanceId }: VmIdentity,
  { stateDir, makeRoom }: LeaveMarkOptions,
): void {
  const mark = {
    vmId: vmId?.toLowerCase(),
    instanceId,
    at: new Date().toISOString(),
    version: VERSION,
  };
  try {
    writeMark(stateDir, mark);
  } catch {
    makeRoom();
    writeMark(stateDir, mark);
  }
}
