import {
  absolutePath,
  digits,
  groupName,
  listOf,
  notBlank,
  oneOf,
  partList,
  printable,
  requestRates,
  seconds,
} from "./option_values.ts";
import type { Options } from "./options.ts";
import { parseEndpoint } from "../http/endpoint.ts";
import { LOG_FORMATS, LOG_LEVELS } from "../log/format_line.ts";
import { DEFAULT_SETTINGS } from "../parts/part.ts";
import { HEALTH_PROTOCOLS } from "../wireserver/wireserver.ts";

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
