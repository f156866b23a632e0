import {
  absolutePath,
  digits,
  groupName,
  hostAndPort,
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
import { ADMIN_SUDO, DEFAULT_SETTINGS } from "../parts/part.ts";
import { HEALTH_PROTOCOLS } from "../wireserver/wireserver.ts";

/** An option of the command line. */
export type OptionSpec = FlagSpec | ValueSpec;

interface CommonSpec {
  /** Its name, without the leading hyphens. */
  readonly name: string;
  /** Its description in the help. */
  readonly help: string;
}

/** An option without a value. */
interface FlagSpec extends CommonSpec {
  /** The options that it sets. */
  readonly set: Readonly<Partial<Options>>;
}

/** An option with a value. */
interface ValueSpec extends CommonSpec {
  /** The name of its value in the help. */
  readonly value: string;
  /** Whether it may be given several times. */
  readonly repeatable?: true;
  /**
   * Converts its values to options. Throws a `TypeError` that says what is expected if a
   * value is wrong.
   */
  readonly read: (value: string, all: readonly string[]) => Partial<Options>;
}

/** The options of every command. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: "wireserver",
    value: "HOST[:PORT]",
    help: "the address of WireServer (168.63.129.16)",
    read: (value) => ({ wireserver: parseEndpoint(value) }),
  },
  {
    name: "imds",
    value: "HOST[:PORT]",
    help: "the address of the metadata service (169.254.169.254)",
    read: (value) => ({ imds: parseEndpoint(value) }),
  },
  {
    name: "agent-name",
    value: "NAME",
    help: "the agent that reports (custom-provisioning)",
    read: (value) => ({ agentName: printable(value) }),
  },
  {
    name: "timeout",
    value: "SECONDS",
    help: "how long to try in all (1200)",
    read: (value) => ({ timeoutMs: seconds(value) * 1000 }),
  },
  {
    name: "state-dir",
    value: "DIR",
    help: "the folder of the mark and the record (/var/lib/azure-provisioning)",
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
    help: `the format of the log: ${LOG_FORMATS.join(" or ")} (text)`,
    read: (value) => ({ logFormat: oneOf(value, LOG_FORMATS) }),
  },
  { name: "help", help: "print help", set: { help: true } },
  {
    name: "version",
    help: "print the versions of the program and its libraries",
    set: { version: true },
  },
];

/** The options of some commands; {@linkcode COMMANDS} says which. */
export const COMMAND_OPTIONS: readonly OptionSpec[] = [
  {
    name: "force",
    help: "provision a VM that is marked as done, and keep trying off Azure",
    set: { force: true },
  },
  {
    name: "require-hostname",
    help: "report NotReady if the host name cannot be set",
    set: { requireHostName: true },
  },
  {
    name: "health-protocol",
    value: "PROTOCOL",
    help: `how to report the health: ${HEALTH_PROTOCOLS.join(", ")} (auto)`,
    read: (value) => ({ healthProtocol: oneOf(value, HEALTH_PROTOCOLS) }),
  },
  {
    name: "ovf-env",
    value: "FILE",
    help: "a copy of the provisioning media's ovf-env.xml (the one in /run)",
    read: (value) => ({ ovfEnv: absolutePath(value) }),
  },
  {
    name: "with",
    value: "LIST",
    help: "parts without which the VM is not ready",
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
      `the admin user's groups, if they exist (${DEFAULT_SETTINGS.adminGroups})`,
    read: (value) => ({ adminGroups: listOf(value, groupName) }),
  },
  {
    name: "admin-shell",
    value: "PATH",
    help: "the admin user's shell (the first of /bin/bash, /bin/sh)",
    read: (value) => ({ adminShell: absolutePath(value) }),
  },
  {
    name: "admin-sudo",
    value: "WHEN",
    help: `become root without a password: ${ADMIN_SUDO.join(", ")} (auto)`,
    read: (value) => ({ adminSudo: oneOf(value, ADMIN_SUDO) }),
  },
  {
    name: "config",
    value: "FILE",
    help: "the configuration file (/etc/azure-provisioning.conf, if it exists)",
    read: (value) => ({ config: absolutePath(value) }),
  },
  { name: "json", help: "print JSON", set: { json: true } },
  {
    name: "raw",
    help: "print what the platform sent, unchanged",
    set: { raw: true },
  },
  {
    name: "dry-run",
    help: "only print what would be done",
    set: { dryRun: true },
  },
  {
    name: "description",
    value: "TEXT",
    help: "why the VM is not ready, up to 512 characters",
    read: (value) => ({ description: notBlank(value) }),
  },
  {
    name: "incarnation",
    value: "NUMBER",
    help: "the goal state's incarnation",
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
    help: "inject a fault, N times or always; may be repeated",
    repeatable: true,
    read: (_, all) => ({ faults: all }),
  },
  {
    name: "computer-name",
    value: "NAME",
    help: "the host name in the metadata",
    read: (value) => ({ computerName: value }),
  },
  {
    name: "vm-name",
    value: "NAME",
    help: "the VM's resource name in the metadata",
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
    help: "the admin user in the metadata",
    read: (value) => ({ adminUsername: value }),
  },
  {
    name: "public-key",
    value: "KEY",
    help: "an SSH key of that user; may be repeated",
    repeatable: true,
    read: (_, all) => ({ publicKeys: all }),
  },
  {
    name: "allow-passwords",
    help: "make the metadata allow passwords",
    set: { allowPasswords: true },
  },
  {
    name: "has-custom-data",
    help: "make the metadata announce custom data on the provisioning media",
    set: { hasCustomData: true },
  },
  {
    name: "user-data",
    value: "TEXT",
    help: "the user data in the metadata, which encodes it as base64",
    read: (value) => ({ userData: value }),
  },
  {
    name: "nic",
    value: "MAC[,ADDRESS/PREFIX]...",
    help: "a network card in the metadata; may be repeated",
    repeatable: true,
    read: (_, all) => ({ nics: all }),
  },
  {
    name: "tag",
    value: "NAME=VALUE",
    help: "a tag in the metadata; may be repeated",
    repeatable: true,
    read: (_, all) => ({ tags: all }),
  },
  {
    name: "compute",
    value: "FIELD=VALUE",
    help: "another field of the metadata, such as zone; may be repeated",
    repeatable: true,
    read: (_, all) => ({ compute: all }),
  },
  {
    name: "pps-type",
    value: "TYPE",
    help: "how the metadata say that the VM was provisioned before (None)",
    read: (value) => ({ ppsType: value }),
  },
  {
    name: "host-plugin",
    value: "HOST:PORT",
    help: "the address of the host's plugin for guest agents",
    read: (value) => ({ hostPlugin: hostAndPort(value) }),
  },
  {
    name: "throttle",
    value: "PER_VM[,ALL]",
    help: "answer 429 above that many requests per second",
    read: (value) => ({ throttle: requestRates(value) }),
  },
  {
    name: "until-ready",
    help: "end when the VM has reported Ready",
    set: { untilReady: true },
  },
];
