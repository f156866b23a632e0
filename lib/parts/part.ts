import type { Clock } from "../clock.ts";
import type { Host } from "../host/host.ts";
import type { Instance } from "../imds/instance.ts";
import type { Log } from "../log/create_log.ts";
import type { ProvisioningError } from "../provisioning_error.ts";
import type { Phase } from "../record/record.ts";

/**
 * One thing that a first boot sets up on the machine, after the metadata is known and
 * before Ready is reported. A new one is a file that exports a `Part`, and a row in
 * `PARTS`.
 */
export interface Part {
  /** The name for `--with` and `--without`, and of the phase in the record. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Whether it runs unless it is left out. */
  readonly default: boolean;
  /** What it needs in the image, in one line. */
  readonly needs: string;
  /**
   * The programs of the system that it runs, by name. The compiled program may run no
   * others, and gives these up when the part is left out.
   */
  readonly programs: readonly string[];
  /**
   * The paths outside the state directory that it writes; a folder stands for all that
   * is in it. The compiled program may write no others, and gives these up when the part
   * is left out.
   */
  readonly paths: readonly string[];
  /** Whether a VM is ready without it: a failure is then a warning, unless it is required. */
  readonly optional: boolean;
  /** Whether the metadata asks for it. Pure. */
  readonly wanted: (instance: Instance) => boolean;
  /** Says why there is nothing for it to do on this machine, if so. Quick. */
  readonly unavailable?: () => string | undefined;
  /**
   * Whether it keeps to the deadline itself, and so is never cut off in the middle. It may
   * take a second more, which the parts after it do not lose.
   */
  readonly limitsItself?: true;
  /** Does the work. */
  readonly run: RunPart;
  /**
   * Puts right what a killed run left, at the start of every run, even of one that finds
   * nothing else to do, and even if the part is left out.
   */
  readonly recover?: (machine: PartMachine) => Promise<void> | void;
  /**
   * Removes what an earlier run left of another VM, before a VM is provisioned, even if
   * the part is left out.
   */
  readonly forget?: (machine: PartMachine) => void;
  /** Called once provisioning has failed, before NotReady is reported. */
  readonly onFailure?: (failure: PartFailure) => Promise<void>;
}

/**
 * Does a part's work.
 *
 * @throws {ProvisioningError} With a stable key, if it fails.
 */
export type RunPart = (
  context: PartContext,
) => Promise<PartOutcome> | PartOutcome;

/** Where a part keeps its state, and the journal. */
export interface PartMachine {
  /** The folder of the program's own files. */
  readonly stateDir: string;
  /** The journal. */
  readonly log: Log;
}

/** What a part works with. */
export interface PartContext extends PartMachine {
  /** The metadata; empty if there is none. */
  readonly instance: Instance;
  /** Why there is no metadata, if so. */
  readonly metadataError?: ProvisioningError | undefined;
  /** The machine. */
  readonly host: Host;
  /** The host name before the run; absent if it is unknown. */
  readonly nameBefore?: string | undefined;
  /** The clock and random numbers. */
  readonly clock: Clock;
  /** When the part has to be done, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Ends the part early. */
  readonly signal?: AbortSignal | undefined;
  /** What the image's builder set. */
  readonly settings: PartSettings;
  /** Whether the part is required by name: what it lacks is then a failure. */
  readonly required: boolean;
  /** The names of all parts that are required. */
  readonly requiredParts?: readonly string[] | undefined;
  /** The phases of the run that have ended so far. */
  readonly phases: readonly Phase[];
}

/** What a part did. Every text is one line, without secrets. */
export type PartOutcome =
  | { readonly kind: "done"; readonly what: string; readonly logged?: true }
  | { readonly kind: "skipped"; readonly why: string }
  /** It did not do all of it; `what` is for the record. */
  | {
    readonly kind: "warned";
    readonly warning: string;
    readonly what: string;
  };

/** A failure of the run, for {@linkcode Part.onFailure}. */
export interface PartFailure
  extends Pick<PartContext, "clock" | "signal" | "phases" | "log"> {
  /** Why the VM is not ready. */
  readonly problem: ProvisioningError;
  /** The VM's id, if it is known. */
  readonly vmId: string | undefined;
}

/** What an image's builder may set for the parts, by options or in the configuration file. */
export interface PartSettings {
  /** `admin-groups`: groups that the admin user joins, those of them that exist. */
  readonly adminGroups: readonly string[];
  /** `admin-shell`: the admin user's shell; without it, the best one that exists. */
  readonly adminShell?: string | undefined;
  /** `admin-sudo`: whether the admin user becomes root without a password. */
  readonly adminSudo: AdminSudo;
}

/** Whether the admin user becomes root without a password; `auto` if it has none. */
export const ADMIN_SUDO = ["auto", "true", "false"] as const;

/** One of {@linkcode ADMIN_SUDO}. */
export type AdminSudo = typeof ADMIN_SUDO[number];

/**
 * The default settings. The groups are those of administrators on the usual distributions.
 */
export const DEFAULT_SETTINGS: PartSettings = {
  adminGroups: ["adm", "sudo", "wheel"],
  adminSudo: "auto",
};
