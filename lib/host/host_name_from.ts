import { ExitCode } from "../exit_code.ts";
import type { Instance } from "../imds/instance.ts";
import type { Log } from "../log/log.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { shorten } from "../shorten.ts";
import { toHostName } from "../parts/hostname/host_name.ts";

/**
 * Takes the host name from the metadata.
 *
 * @param instance The metadata.
 * @param log Where it is written if the name had to be changed.
 * @returns A host name that Linux takes.
 * @throws {ProvisioningError} If the metadata hold none.
 */
export function hostNameFrom(instance: Instance, log: Log): string {
  const raw = instance.computerName ?? instance.name;
  if (raw === undefined) {
    throw new ProvisioningError(
      'The instance metadata hold neither a computerName nor a name in "compute", so no host name; create the VM with a computer name',
      { key: "host_name_absent", exitCode: ExitCode.badData },
    );
  }
  const isFromMedia = instance.fromMedia?.includes("computerName");
  const source = isFromMedia ? "provisioning media" : "instance metadata";
  const result = toHostName(raw);
  if (!result.ok) {
    throw new ProvisioningError(
      `The name "${
        shorten(raw)
      }" from the ${source} cannot be a host name: ${result.reason}; give the VM another computer name`,
      { key: "host_name_invalid", exitCode: ExitCode.badData },
    );
  }
  for (const change of result.changes) {
    log.warn(
      `The name "${raw}" from the ${
        isFromMedia ? source : "metadata"
      } is used ${change}`,
    );
  }
  return result.name;
}
