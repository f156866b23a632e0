import type { MachineFiles } from "./machine_files.ts";

/**
 * A DHCP client: how it is recognised, what its leases say, and how it is notified of a
 * new host name.
 *
 * Nothing here does I/O: files are read through {@linkcode MachineFiles}, and programs
 * are only planned.
 */
export interface DhcpClient {
  /** Its name, as messages and documents use it. */
  readonly name: string;
  /** The programs that its plans run; they become permissions of the compiled program. */
  readonly programs: readonly string[];
  /** Whether the systemd unit's sandbox refuses what they need, such as raw sockets. */
  readonly outsideSandbox: boolean;
  /** Where it keeps its leases; empty if it keeps none. */
  readonly leaseFiles: readonly LeaseFiles[];
  /** Finds the ones that were started in this boot; empty if the machine does not use it. */
  readonly findRunning: (files: MachineFiles) => readonly RunningClient[];
}

/** Lease files in one folder. */
export interface LeaseFiles {
  /** The folder; whoever owns it may put anything there. */
  readonly folder: string;
  /** The names of the lease files in it. */
  readonly names: RegExp;
  /** Reads WireServer's address from option 245; `undefined` if the file has none. */
  readonly wireServerIn: (lease: Uint8Array) => string | undefined;
}

/** A client that was started in this boot. */
export interface RunningClient {
  /** The network device that it works on; `undefined` if it handles several. */
  readonly device?: string | undefined;
  /**
   * Plans how the client, or the DHCP server in its stead, learns a new host name.
   *
   * No plan gives up the address: none takes a link down, ends a client that runs,
   * releases a lease, or removes an address. `stateDir` is a folder for files of the
   * plan's own.
   */
  readonly planNotify: (hostName: string, stateDir: string) => NotifyResult;
}

/** How to notify a client, or why that is impossible. */
export type NotifyResult =
  | NotifyPlan
  | { readonly kind: "impossible"; readonly why: string };

/** How to notify a client. */
export interface NotifyPlan {
  readonly kind: "plan";
  /** Files to write first. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  /** The program that passes the name on. */
  readonly notify: Step;
  /** Ends a process that `notify` leaves behind; systemd does so itself if it ran that. */
  readonly cleanUp?: Step;
  /** Files to remove at the end, whether they exist or not. */
  readonly temporaryFiles?: readonly string[];
  /** Why the name may not get into DNS although nothing fails. */
  readonly warning?: string;
}

/** A program to run. */
export interface Step {
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

/** Time for a client's own program to take a request, in milliseconds. */
export const REQUEST_MS = 3_000;

/** Time for a whole exchange with the DHCP server, in milliseconds. */
export const EXCHANGE_MS = 5_000;
