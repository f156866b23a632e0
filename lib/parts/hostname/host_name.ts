import { describeCharacter } from "../../describe_character.ts";
import type { Instance } from "../../imds/instance.ts";
import type { Log } from "../../log/create_log.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { shorten } from "../../shorten.ts";

/** The result of {@linkcode toHostName}. */
export type HostNameResult =
  | {
    readonly ok: true;
    /** The name to set. */
    readonly name: string;
    /** What was changed about the given name, for the journal. */
    readonly changes: readonly string[];
    /** What the name cannot do, although Azure and Linux take it, for the journal. */
    readonly limits: readonly string[];
  }
  | {
    readonly ok: false;
    /** Why Linux would refuse the name, or Azure never has it. */
    readonly reason: string;
  };

/** Linux's `HOST_NAME_MAX`, in bytes. */
const MAX_NAME_BYTES = 64;

/** The longest label, between two dots, that DNS accepts (RFC 1035), in bytes. */
const MAX_LABEL_BYTES = 63;

/** The longest name in DNS (RFC 1035); nothing longer is looked at. */
const MAX_RAW_LENGTH = 255;

/**
 * Converts a name from the platform to a host name.
 *
 * Every computer name that Azure takes for a Linux VM becomes the host name: 1 to 64
 * letters, digits, hyphens and dots, of which the first is a letter or a digit. Only for
 * Windows are names of digits alone forbidden
 * (https://learn.microsoft.com/dotnet/api/azure.resourcemanager.compute.models.virtualmachineosprofile.computername,
 * https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.VM.ComputerName/).
 * The kernel (`HOST_NAME_MAX`, sethostname(2)) and systemd-hostnamed take all of these as
 * well. DNS does not: a label has at most 63 bytes (RFC 1035), and a name that ends in a
 * number is read as an IP address. Such a VM keeps its name, and the journal says that
 * DNS cannot have it: with the image's name, all VMs of an image would have the same.
 *
 * Unambiguous repairs are made: trailing dots are dropped, `_` (which the name of a VM's
 * resource may contain) becomes a hyphen, and a dotted name that is too long is cut at its
 * first dot. Everything else is refused; a name is never cut within a label.
 */
export function toHostName(raw: string): HostNameResult {
  const changes: string[] = [];
  if (raw.length > MAX_RAW_LENGTH) {
    const bytes = new TextEncoder().encode(raw).length;
    return refuse(
      `it is ${bytes} bytes long, and Linux takes ${MAX_NAME_BYTES}`,
    );
  }
  let name = raw;
  while (name.endsWith(".")) name = name.slice(0, -1);
  if (name !== raw) changes.push("without its trailing dot");
  if (name.includes("_")) {
    name = name.replaceAll("_", "-");
    changes.push('with "-" in place of "_"');
  }
  if (name === "") return refuse("it is empty");
  const wrong = /[^A-Za-z0-9.-]/u.exec(name)?.[0];
  if (wrong !== undefined) {
    return refuse(
      `it contains ${
        describeCharacter(wrong)
      }, and only letters, digits, hyphens and dots are allowed`,
    );
  }
  const labels = name.split(".");
  if (name.length > MAX_NAME_BYTES && labels.length > 1) {
    name = labels[0]!;
    labels.splice(1);
    changes.push("cut at its first dot, as it was too long");
  }
  if (name.length > MAX_NAME_BYTES) {
    return refuse(
      `it is ${name.length} bytes long, and Linux takes ${MAX_NAME_BYTES}`,
    );
  }
  for (const label of labels) {
    const reason = labelProblem(label);
    if (reason !== undefined) return refuse(reason);
  }
  const limits: string[] = [];
  if (labels.some((label) => label.length > MAX_LABEL_BYTES)) {
    limits.push(
      `DNS cannot have it, as it takes ${MAX_LABEL_BYTES} bytes without a dot`,
    );
  }
  if (/^[0-9]+$/.test(labels.at(-1)!)) {
    limits.push(
      "it cannot be looked up, as a name that ends in a number is read as an IP address",
    );
  }
  return { ok: true, name, changes, limits };
}

/**
 * Takes the host name from the metadata: the computer name, or else the name of the
 * VM's resource. Logs a warning for each change that the name needed, and for each
 * of its limits.
 *
 * @throws {ProvisioningError} If the metadata has no name, or one that is refused.
 */
export function hostNameFrom(
  instance: Instance,
  log: Log,
): string {
  const raw = instance.computerName ?? instance.name;
  if (raw === undefined) {
    throw new ProvisioningError(
      'The instance metadata has neither a computerName nor a name in "compute", so no host name; create the VM with a computer name',
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
  for (const limit of result.limits) {
    log.warn(`The name "${result.name}" is used, but ${limit}`);
  }
  return result.name;
}

function labelProblem(label: string): string | undefined {
  if (label === "") return "it has two dots in a row, or starts with one";
  if (label.startsWith("-")) return `"${label}" starts with a hyphen`;
  if (label.endsWith("-")) return `"${label}" ends with a hyphen`;
  return undefined;
}

function refuse(reason: string): HostNameResult {
  return { ok: false, reason };
}
