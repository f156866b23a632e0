import { type Endpoint, parseEndpoint } from "../http/endpoint.ts";
import {
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type LogLevelName,
} from "../log/format_line.ts";
import { partNames } from "../parts/parts.ts";
import { DEFAULT_SETTINGS } from "../parts/settings.ts";
import {
  HEALTH_PROTOCOLS,
  type HealthProtocol,
} from "../wireserver/health_protocol.ts";
import { nearestName } from "./nearest_name.ts";

/** The values of all options, after the command line was read. */
export interface Options {
  /** `--wireserver` */
  wireserver: Endpoint;
  /** `--imds` */
  imds: Endpoint;
  /** `--agent-name` */
  agentName: string;
  /** `--timeout`, in milliseconds */
  timeoutMs?: number;
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
  /** `--with`: names of parts that are required */
  withParts: readonly string[];
  /** `--without`: names of parts that are left out */
  withoutParts: readonly string[];
  /** `--admin-groups` */
  adminGroups: readonly string[];
  /** `--admin-shell` */
  adminShell?: string;
  /** `--admin-sudo` */
  adminSudo: boolean;
  /** `--config` */
  config?: string;
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
  description?: string;
  /** `--incarnation` */
  incarnation?: string;
  /** `--container-id` */
  containerId?: string;
  /** `--instance-id` */
  instanceId?: string;
  /** `--fault`, every one of them */
  faults: readonly string[];
  /** `--computer-name` */
  computerName?: string;
  /** `--vm-name` */
  vmName?: string;
  /** `--vm-id` */
  vmId?: string;
  /** `--admin-username` */
  adminUsername?: string;
  /** `--public-key`, every one of them */
  publicKeys: readonly string[];
  /** `--allow-passwords` */
  allowPasswords: boolean;
  /** `--user-data` */
  userData?: string;
  /** `--throttle`, in requests a second */
  throttle?: { readonly perVm: number; readonly all?: number };
  /** `--until-ready` */
  untilReady: boolean;
}

/** What an option is where the command line does not name it. */
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
  untilReady: false,
};

/** How long a command tries where `--timeout` does not say, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 20 * 60 * 1000;

/** An option of the command line. */
export type OptionSpec = FlagSpec | ValueSpec;

interface CommonSpec {
  /** Its name, without the hyphens in front. */
  readonly name: string;
  /** What it does, for the help. */
  readonly help: string;
}

interface FlagSpec extends CommonSpec {
  /** What naming it sets. */
  readonly set: Readonly<Partial<Options>>;
}

interface ValueSpec extends CommonSpec {
  /** What its value is called in the help. */
  readonly value: string;
  /** Whether it may be named several times. */
  readonly repeatable?: true;
  /**
   * Makes options of its values; it throws a `TypeError` that says what is
   * expected if a value is of the wrong form.
   */
  readonly read: (value: string, all: readonly string[]) => Partial<Options>;
}

const LONGEST_TIMEOUT_S = 7 * 24 * 60 * 60;

/** The options that every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: "wireserver",
    value: "HOST[:PORT]",
    help: "WireServer's address (168.63.129.16)",
    read: (value) => ({ wireserver: parseEndpoint(value) }),
  },
  {
    name: "imds",
    value: "HOST[:PORT]",
    help: "the metadata service's address (169.254.169.254)",
    read: (value) => ({ imds: parseEndpoint(value) }),
  },
  {
    name: "agent-name",
    value: "NAME",
    help: "who reports (custom-provisioning)",
    read: (value) => ({ agentName: printable(value) }),
  },
  {
    name: "timeout",
    value: "SECONDS",
    help: "how long to try, in all (1200)",
    read: (value) => ({ timeoutMs: seconds(value) * 1000 }),
  },
  {
    name: "state-dir",
    value: "DIR",
    help: "where the mark of a provisioned VM is (/var/lib/azure-provisioning)",
    read: (value) => ({ stateDir: absolutePath(value) }),
  },
  {
    name: "log-level",
    value: "LEVEL",
    help: `the lowest level to log: ${LOG_LEVELS.join(", ")} (info)`,
    read: (value) => ({ logLevel: oneOf(value, LOG_LEVELS) }),
  },
  {
    name: "log-format",
    value: "FORMAT",
    help: `how to log on standard error: ${LOG_FORMATS.join(" or ")} (text)`,
    read: (value) => ({ logFormat: oneOf(value, LOG_FORMATS) }),
  },
  { name: "help", help: "say how to use the command", set: { help: true } },
  {
    name: "version",
    help: "print the versions of the program and its parts",
    set: { version: true },
  },
];

/** The options that only some commands take; {@linkcode COMMANDS} says which. */
export const COMMAND_OPTIONS: readonly OptionSpec[] = [
  {
    name: "force",
    help: "provision even a VM that is marked as done, and try off Azure, too",
    set: { force: true },
  },
  {
    name: "require-hostname",
    help: "report a failure, and not Ready, if the host name cannot be set",
    set: { requireHostName: true },
  },
  {
    name: "health-protocol",
    value: "PROTOCOL",
    help: `how to report: ${HEALTH_PROTOCOLS.join(", ")} (auto)`,
    read: (value) => ({ healthProtocol: oneOf(value, HEALTH_PROTOCOLS) }),
  },
  {
    name: "ovf-env",
    value: "FILE",
    help: "what the provisioning media say (the copy in /run)",
    read: (value) => ({ ovfEnv: absolutePath(value) }),
  },
  {
    name: "with",
    value: "LIST",
    help: "parts that are required; without them the VM is not ready",
    read: (value) => ({ withParts: partList(value) }),
  },
  {
    name: "without",
    value: "LIST",
    help: "parts to leave out",
    read: (value) => ({ withoutParts: partList(value) }),
  },
  {
    name: "admin-groups",
    value: "GROUPS",
    help:
      `groups of the admin user that exist (${DEFAULT_SETTINGS.adminGroups})`,
    read: (value) => ({ adminGroups: listOf(value, groupName) }),
  },
  {
    name: "admin-shell",
    value: "PATH",
    help: "the admin user's shell (the best that exists)",
    read: (value) => ({ adminShell: absolutePath(value) }),
  },
  {
    name: "admin-sudo",
    help: "let the admin user become root without a password",
    set: { adminSudo: true },
  },
  {
    name: "config",
    value: "FILE",
    help:
      "the configuration file (/etc/azure-provisioning.conf, if there is one)",
    read: (value) => ({ config: absolutePath(value) }),
  },
  { name: "json", help: "print JSON", set: { json: true } },
  {
    name: "raw",
    help: "print what the platform sent, as it is",
    set: { raw: true },
  },
  {
    name: "dry-run",
    help: "print what would be done, and do nothing",
    set: { dryRun: true },
  },
  {
    name: "description",
    value: "TEXT",
    help: "why the VM is not ready, at most 512 characters",
    read: (value) => ({ description: notBlank(value) }),
  },
  {
    name: "incarnation",
    value: "NUMBER",
    help: "the goal state's incarnation; with both ids, none is fetched",
    read: (value) => ({ incarnation: digits(value) }),
  },
  {
    name: "container-id",
    value: "ID",
    help: "the goal state's container id",
    read: (value) => ({ containerId: printable(value) }),
  },
  {
    name: "instance-id",
    value: "ID",
    help: "the goal state's instance id",
    read: (value) => ({ instanceId: printable(value) }),
  },
  {
    name: "fault",
    value: "NAME[@TARGET][=N]",
    help: "play a fault, N times or for ever; may be given several times",
    repeatable: true,
    read: (_, all) => ({ faults: all }),
  },
  {
    name: "computer-name",
    value: "NAME",
    help: "the host name that the metadata ask for",
    read: (value) => ({ computerName: value }),
  },
  {
    name: "vm-name",
    value: "NAME",
    help: "the name of the VM's resource in the metadata",
    read: (value) => ({ vmName: value }),
  },
  {
    name: "vm-id",
    value: "ID",
    help: "the VM's id in the metadata",
    read: (value) => ({ vmId: value }),
  },
  {
    name: "admin-username",
    value: "NAME",
    help: "the user in the metadata",
    read: (value) => ({ adminUsername: value }),
  },
  {
    name: "public-key",
    value: "KEY",
    help: "an SSH key of that user; may be given several times",
    repeatable: true,
    read: (_, all) => ({ publicKeys: all }),
  },
  {
    name: "allow-passwords",
    help: "let the metadata allow passwords, not only keys",
    set: { allowPasswords: true },
  },
  {
    name: "user-data",
    value: "TEXT",
    help: "the user data in the metadata, which have it as base64",
    read: (value) => ({ userData: value }),
  },
  {
    name: "throttle",
    value: "PER_VM[,ALL]",
    help: "answer 429 to more requests a second than that",
    read: (value) => ({ throttle: requestRates(value) }),
  },
  {
    name: "until-ready",
    help: "end when the VM has reported ready",
    set: { untilReady: true },
  },
];

function seconds(value: string): number {
  const number = /^[0-9]+(?:\.[0-9]+)?$/.test(value) ? Number(value) : NaN;
  if (!(number > 0 && number <= LONGEST_TIMEOUT_S)) {
    throw new TypeError(
      `"${value}" is not a number of seconds above 0 and up to ${LONGEST_TIMEOUT_S}`,
    );
  }
  return number;
}

function requestRates(value: string): NonNullable<Options["throttle"]> {
  const [, perVm, all] = /^([1-9]\d{0,5})(?:,([1-9]\d{0,5}))?$/.exec(value) ??
    [];
  if (perVm === undefined) {
    throw new TypeError(
      `"${value}" is not one or two numbers of requests from 1 to 999999`,
    );
  }
  return {
    perVm: Number(perVm),
    ...(all === undefined ? {} : { all: Number(all) }),
  };
}

function absolutePath(value: string): string {
  if (!value.startsWith("/") || value.includes("\0")) {
    throw new TypeError(`"${value}" is not an absolute path`);
  }
  return value.length > 1 ? value.replace(/\/+$/, "") || "/" : value;
}

function printable(value: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value)) {
    throw new TypeError(
      `"${value}" is not 1 to 128 printable ASCII characters`,
    );
  }
  return value;
}

/** Names between commas, none of them twice, with blanks around them taken off. */
function listOf(value: string, read: (item: string) => string): string[] {
  return [...new Set(value.split(",").map((item) => read(item.trim())))];
}

function partList(value: string): string[] {
  const names = partNames();
  return listOf(value, (item) => {
    if (names.includes(item)) return item;
    const nearest = nearestName(item, names);
    const hint = nearest === undefined
      ? `the parts are ${names.join(", ")}`
      : `did you mean "${nearest}"?`;
    throw new TypeError(`There is no part "${item}"; ${hint}`);
  });
}

/** What groupadd takes everywhere. */
function groupName(value: string): string {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(value)) {
    throw new TypeError(`"${value}" is not a group's name`);
  }
  return value;
}

function notBlank(value: string): string {
  if (value.trim() === "") throw new TypeError(`"${value}" is blank`);
  return value;
}

function digits(value: string): string {
  if (!/^[0-9]{1,20}$/.test(value)) {
    throw new TypeError(`"${value}" is not a number`);
  }
  return value;
}

function oneOf<T extends string>(value: string, names: readonly T[]): T {
  const name = names.find((it) => it === value);
  if (name === undefined) {
    throw new TypeError(`"${value}" is not one of ${names.join(", ")}`);
  }
  return name;
}
