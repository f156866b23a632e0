import type { Clock } from "../clock.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Log } from "../log/create_log.ts";
import type { Host } from "../host/host.ts";
import type { Part, PartSettings } from "../parts/part.ts";
import type { PartSelection } from "../parts/select_parts.ts";
import type { ProvisioningError } from "../provisioning_error.ts";
import type { HealthProtocol, WireServer } from "../wireserver/wireserver.ts";

/** Where a run finds what the provisioning media say. */
export interface Media {
  /** The copy of `ovf-env.xml`; one that is taken away may be missing. */
  readonly path: string;
  /**
   * Whether the run takes it away at its end, as it may hold a password: the next boot
   * gets a new copy for as long as the VM is not ready.
   */
  readonly removeAtEnd: boolean;
}

/** Options of `provision()`. */
export interface ProvisionOptions {
  /** The platform's WireServer. */
  readonly wireserver: WireServer;
  /** How the health is reported. */
  readonly healthProtocol: HealthProtocol;
  /** Where the metadata service (IMDS) is. */
  readonly imds: Endpoint;
  /**
   * How long all of it may take, in milliseconds. What has begun then is ended, and
   * reported, within five seconds.
   */
  readonly timeoutMs: number;
  /** Where the mark and the record are. */
  readonly stateDir: string;
  /**
   * What is wrong with how the run was set up: a VM that is not done is not touched
   * then, and this is reported as the reason why it is not ready.
   */
  readonly problem?: ProvisioningError | undefined;
  /** What the provisioning media say, where something has copied that. */
  readonly media?: Media;
  /** Provision even if the mark says that it is done. */
  readonly force: boolean;
  /**
   * Leave a machine alone where WireServer is silent and the chassis is not Azure's,
   * in place of trying until the time is up.
   *
   * @default {false}
   */
  readonly leaveOffAzure?: boolean;
  /** Which parts may run, and which are required. */
  readonly selection: PartSelection;
  /** All parts, in the order in which they run. */
  readonly parts: readonly Part[];
  /** What the parts are told. */
  readonly settings: PartSettings;
  /** The machine. */
  readonly host: Host;
  /** The clock and random numbers. */
  readonly clock: Clock;
  /** The journal. */
  readonly log: Log;
  /** Ends the run early. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run of `provision()` did. */
export type ProvisionOutcome = "provisioned" | "nothing to do" | "not on Azure";
