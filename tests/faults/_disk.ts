import { assertEquals } from "@std/assert";
import { type Mark, parseMark } from "../../lib/state/mark.ts";
import { IMAGE_HOSTNAME, IMAGE_HOSTS, type Machine, VM } from "./_machine.ts";

/** What a first boot writes. */
export type Written = "hostname" | "hosts" | "mark";

/** What is on a machine's disk. */
export interface Disk {
  /** /etc/hostname, if it is a file. */
  readonly hostname: string | undefined;
  /** /etc/hosts, if it is a file. */
  readonly hosts: string | undefined;
  /** The mark's text, if there is one. */
  readonly mark: string | undefined;
  /** The names of temporary files. */
  readonly temporary: readonly string[];
}

const STATE_DIR = "/var/lib/azure-provisioning";

/** The /etc/hosts that a first boot leaves. */
export const NEW_HOSTS =
  `${IMAGE_HOSTS}127.0.1.1\t${VM.computerName}\t# Added by azure-provisioning\n`;

/** Each file's text after a line that says that it is there. */
const READ = ["/etc/hostname", "/etc/hosts", `${STATE_DIR}/provisioned.json`]
  .map((path) =>
    `[ ! -f ${path} ] || { echo there; cat ${path}; }; printf '\\036'`
  ).join("; ") +
  `; ls -A /etc ${STATE_DIR} 2>/dev/null | grep '^\\..*azure-provisioning$' || true`;

/** Reads the disk as the machine sees it, whatever is mounted there. */
export async function readDisk(machine: Machine): Promise<Disk> {
  const [hostname, hosts, mark, temporary] = (await machine.succeed(READ))
    .split("\x1e");
  return {
    hostname: textOf(hostname!),
    hosts: textOf(hosts!),
    mark: textOf(mark!),
    temporary: temporary!.split("\n").filter((line) => line !== ""),
  };
}

function textOf(part: string): string | undefined {
  return part.startsWith("there\n") ? part.slice(6) : undefined;
}

/** The files that a boot has written; a file that is neither the old nor the new one throws. */
export function writtenOn(disk: Disk): Written[] {
  const written: Written[] = [];
  const { hostname, hosts } = disk;
  if (isNew("hostname", hostname, IMAGE_HOSTNAME, `${VM.computerName}\n`)) {
    written.push("hostname");
  }
  if (isNew("hosts", hosts, IMAGE_HOSTS, NEW_HOSTS)) written.push("hosts");
  const mark = markOn(disk);
  if (mark !== undefined) {
    assertEquals(mark.vmId, VM.vmId);
    written.push("mark");
  }
  return written;
}

function isNew(
  file: string,
  text: string | undefined,
  old: string,
  fresh: string,
): boolean {
  if (text === fresh) return true;
  if (text === undefined || text === old) return false;
  throw new Error(
    `/etc/${file} is neither old nor new: ${JSON.stringify(text)}`,
  );
}

/** The mark, which has to be whole. */
export function markOn({ mark }: Disk): Mark | undefined {
  if (mark === undefined) return undefined;
  const parsed = parseMark(mark);
  if (parsed !== undefined && mark.endsWith("}\n")) return parsed;
  throw new Error(`The mark is not whole: ${JSON.stringify(mark)}`);
}
