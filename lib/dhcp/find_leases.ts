import {
  type ReadRegularFile,
  regularFileReader,
} from "../files/regular_file.ts";
import type { DhcpClient } from "./client.ts";
import { DHCP_CLIENTS } from "./clients.ts";
import { machineFiles } from "./machine_files.ts";

/** Leases have a few hundred bytes, but a client may append to its file for years. */
const MAX_BYTES = 1024 * 1024;

/** The most lease files of a folder that are read. */
const MAX_FILES = 16;

/** A lease file of a DHCP client. */
export interface FoundLease {
  readonly path: string;
  /** WireServer's address according to option 245; absent if it has none. */
  readonly address?: string;
}

/**
 * Finds the DHCP clients' lease files.
 *
 * Needs `--allow-read`. Files that cannot be read are left out.
 *
 * @param root A prefix for every path; empty on a real machine.
 */
export async function findLeases(
  root = "",
  clients: readonly DhcpClient[] = DHCP_CLIENTS,
): Promise<FoundLease[]> {
  const files = machineFiles(root);
  const readFile = await regularFileReader();
  return clients.flatMap(({ leaseFiles }) => leaseFiles)
    .flatMap(({ folder, names, wireServerIn }) =>
      files.names(folder).filter((name) => names.test(name)).slice(0, MAX_FILES)
        .flatMap((name): FoundLease[] => {
          const path = `${folder}/${name}`;
          const bytes = bytesOf(`${root}${path}`, readFile);
          if (bytes === undefined) return [];
          const address = wireServerIn(bytes);
          return [address === undefined ? { path } : { path, address }];
        })
    );
}

/** Some clients' own users own these folders, and may put anything there. */
function bytesOf(
  path: string,
  readFile: ReadRegularFile,
): Uint8Array | undefined {
  try {
    return readFile(path, MAX_BYTES);
  } catch {
    return undefined;
  }
}
