import type { Recorder } from "../record/recorder.ts";
import { writeMark } from "../state/mark_file.ts";
import { VERSION } from "../version.ts";
import type { ProvisionOptions } from "./options.ts";

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
    ...(instanceId === undefined ? {} : { instanceId }),
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
