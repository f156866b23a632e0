import type { Clock } from "../clock.ts";
import type { Instance } from "../imds/instance.ts";
import type { Log } from "../log/create_log.ts";
import type { Host } from "../host/host.ts";
import type { Phase } from "../record/record.ts";

/** What a part of a first boot gets. */
export interface PartContext {
  /** What the metadata say; nothing at all if there are none. */
  readonly instance: Instance;
  /** The machine. */
  readonly host: Host;
  /** The name that it had before the run; absent where a part runs by itself. */
  readonly nameBefore?: string;
  /** The folder where the program keeps what it has to remember. */
  readonly stateDir: string;
  /** The journal. */
  readonly log: Log;
  /** Time and chance. */
  readonly clock: Clock;
  /** Until when, on the clock's time, in milliseconds. */
  readonly deadline: number;
  /** Ends the part early. */
  readonly signal?: AbortSignal | undefined;
  /** What the image's builder set. */
  readonly settings: PartSettings;
  /** Whether the part was asked for by name: what is missing then is a failure, not a skip. */
  readonly required: boolean;
  /** The phases of the run that have ended so far. */
  readonly phases: readonly Phase[];
}

/** What a part did. */
export type PartOutcome =
  /** It did this; one line, without secrets. */
  | { readonly kind: "done"; readonly what: string }
  /** It did nothing, for this reason; one line, without secrets. */
  | { readonly kind: "skipped"; readonly why: string };

/**
 * Does a part's work.
 *
 * @throws {ProvisioningError} With a stable key, if it fails.
 */
export type RunPart = (
  context: PartContext,
) => Promise<PartOutcome> | PartOutcome;

/** What is known of a part without loading it. */
export interface PartInfo {
  /** Its name, for `--with` and `--without`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Whether it runs where nobody says otherwise. */
  readonly default: boolean;
  /** What it needs of the image, in one line. */
  readonly needs: string;
  /** The programs of the system that it runs: where it is left out, so are they. */
  readonly programs: readonly string[];
}

/** A part of a first boot that runs after the host name is set and before Ready. */
export interface Part extends PartInfo {
  /** Whether a VM can be ready without it: what fails is then a warning, unless it is required. */
  readonly dispensable: boolean;
  /**
   * Whether the metadata ask for it; otherwise it is not even loaded, unless it is
   * required. Pure and quick.
   */
  readonly wanted: (instance: Instance) => boolean;
  /**
   * Why there is nothing for it on this machine, if so; it is then left out without a
   * warning and not even loaded, unless it is required. Quick.
   */
  readonly absent?: () => string | undefined;
  /** Loads it. */
  readonly load: () => Promise<{ readonly run: RunPart }>;
}

/** What an image's builder may set for the parts, by options or in the configuration file. */
export interface PartSettings {
  /** `admin-groups`: groups that the admin user joins, those of them that exist. */
  readonly adminGroups: readonly string[];
  /** `admin-shell`: the admin user's shell; without it, the best one that exists. */
  readonly adminShell?: string | undefined;
  /** `admin-sudo`: whether the admin user becomes root without a password. */
  readonly adminSudo: boolean;
}

/**
 * The settings where nobody says otherwise.
 *
 * The groups are those of administrators on the usual distributions. With a locked
 * password they give nothing but the right to read logs, unless the image's own sudo
 * or polkit rules say more.
 */
export const DEFAULT_SETTINGS: PartSettings = {
  adminGroups: ["adm", "sudo", "wheel"],
  adminSudo: false,
};
