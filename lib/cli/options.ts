import type { Endpoint } from "../http/endpoint.ts";
import type { LogFormat, LogLevelName } from "../log/format_line.ts";
import { type AdminSudo, DEFAULT_SETTINGS } from "../parts/part.ts";
import type { HealthProtocol } from "../wireserver/wireserver.ts";

/** The values of all options. */
export interface Options {
  /** `--wireserver` */
  wireserver: Endpoint;
  /** `--imds` */
  imds: Endpoint;
  /** `--agent-name` */
  agentName: string;
  /** `--timeout`, in milliseconds */
  timeoutMs?: number | undefined;
  /** `--state-dir` */
  stateDir: string;
  /** `--log-level` */
  logLevel: LogLevelName;
  /** `--log-format` */
  logFormat: LogFormat;
  /** `--help` */
  help: boolean;
  /** `--version` */
  version: boolean;
  /** `--force` */
  force: boolean;
  /** `--require-hostname` */
  requireHostName: boolean;
  /** `--with`: the names of required parts */
  withParts: readonly string[];
  /** `--without`: the names of parts to leave out */
  withoutParts: readonly string[];
  /** `--admin-groups` */
  adminGroups: readonly string[];
  /** `--admin-shell` */
  adminShell?: string | undefined;
  /** `--admin-sudo` */
  adminSudo: AdminSudo;
  /** `--config` */
  config?: string | undefined;
  /** `--ovf-env` */
  ovfEnv: string;
  /** `--health-protocol` */
  healthProtocol: HealthProtocol;
  /** `--json` */
  json: boolean;
  /** `--raw` */
  raw: boolean;
  /** `--dry-run` */
  dryRun: boolean;
  /** `--description` */
  description?: string | undefined;
  /** `--incarnation` */
  incarnation?: string | undefined;
  /** `--container-id` */
  containerId?: string | undefined;
  /** `--instance-id` */
  instanceId?: string | undefined;
  /** Every `--fault` */
  faults: readonly string[];
  /** `--computer-name` */
  computerName?: string | undefined;
  /** `--vm-name` */
  vmName?: string | undefined;
  /** `--vm-id` */
  vmId?: string | undefined;
  /** `--admin-username` */
  adminUsername?: string | undefined;
  /** Every `--public-key` */
  publicKeys: readonly string[];
  /** `--allow-passwords` */
  allowPasswords: boolean;
  /** `--has-custom-data` */
  hasCustomData: boolean;
  /** `--user-data` */
  userData?: string | undefined;
  /** Every `--nic` */
  nics: readonly string[];
  /** Every `--tag` */
  tags: readonly string[];
  /** Every `--compute` */
  compute: readonly string[];
  /** `--pps-type` */
  ppsType?: string | undefined;
  /** `--host-plugin` */
  hostPlugin?: Endpoint | undefined;
  /** `--throttle`, in requests per second */
  throttle?: RequestRates | undefined;
  /** `--until-ready` */
  untilReady: boolean;
}

/** Limits of requests per second. */
export interface RequestRates {
  /** The limit for each VM. */
  readonly perVm: number;
  /** The limit for all VMs together. */
  readonly all?: number;
}

/** The options that a command line need not name. */
export const DEFAULT_OPTIONS: Readonly<Options> = {
  wireserver: { hostname: "168.63.129.16", port: 80 },
  imds: { hostname: "169.254.169.254", port: 80 },
  agentName: "custom-provisioning",
  stateDir: "/var/lib/azure-provisioning",
  logLevel: "info",
  logFormat: "text",
  help: false,
  version: false,
  force: false,
  requireHostName: false,
  withParts: [],
  withoutParts: [],
  ...DEFAULT_SETTINGS,
  ovfEnv: "/run/azure-provisioning/ovf-env.xml",
  healthProtocol: "auto",
  json: false,
  raw: false,
  dryRun: false,
  faults: [],
  publicKeys: [],
  allowPasswords: false,
  hasCustomData: false,
  nics: [],
  tags: [],
  compute: [],
  untilReady: false,
};

/** How long a command may take without `--timeout`, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 20 * 60 * 1000;
