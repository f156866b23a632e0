import type { Instance } from "../../imds/instance.ts";
import type { Log } from "../../log/create_log.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { shorten } from "../../shorten.ts";

/** What {@linkcode toHostName} makes of a name. */
export type HostNameResult =
  | {
    readonly ok: true;
    /** The name to set. */
    readonly name: string;
    /** What was changed about the name that was given, for the journal. */
    readonly changes: readonly string[];
  }
  | {
    readonly ok: false;
    /** Why Linux or DNS would not take the name. */
    readonly reason: string;
  };

/** Linux's `HOST_NAME_MAX`, in bytes. */
const MAX_NAME_BYTES = 64;

/** The longest part between two dots that DNS takes (RFC 1035), in bytes. */
const MAX_LABEL_BYTES = 63;

/** No DNS name is longer (RFC 1035); what is need not be looked at. */
const MAX_RAW_LENGTH = 255;

/**
 * Makes the host name of a name from the platform.
 *
 * Allowed is what both Linux and DNS take: letters, digits, hyphens and dots, 64
 * bytes in all, 63 between two dots. What can be mended without doubt is mended:
 * trailing dots go, `_` (allowed in the name of a VM's resource) becomes a hyphen,
 * and of a dotted name that is too long the part before the first dot stays.
 * Everything else is refused; a name is never cut within a part.
 *
 * @param raw The name as given.
 * @returns The host name, or why there is none.
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
      `it holds ${
        describe(wrong)
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
  if (/^[0-9]+$/.test(labels.at(-1)!)) {
    return refuse("it looks like an IP address, as its last part is a number");
  }
  return { ok: true, name, changes };
}

function labelProblem(label: string): string | undefined {
  if (label === "") return "it has two dots in a row, or starts with one";
  if (label.startsWith("-")) return `"${label}" starts with a hyphen`;
  if (label.endsWith("-")) return `"${label}" ends with a hyphen`;
  if (label.length > MAX_LABEL_BYTES) {
    return `it has ${label.length} bytes without a dot, and DNS takes ${MAX_LABEL_BYTES}`;
  }
  return undefined;
}

function refuse(reason: string): HostNameResult {
  return { ok: false, reason };
}

function describe(character: string): string {
  const codePoint = character.codePointAt(0)!;
  const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  return codePoint > 0x20 && codePoint < 0x7f ? `"${character}"` : name;
}

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
