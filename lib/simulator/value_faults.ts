import type { PlatformState } from "./api.ts";
import type { FaultContext, NamedFault } from "./fault_kind.ts";
import { asksForInstance } from "./imds.ts";
import type { Reply } from "./reply.ts";
import { type Target, WITH_VALUES } from "./targets.ts";

const SECRET_USER_DATA = "secret-user-data";
const SECRET_CUSTOM_DATA = "secret-custom-data";
const SECRET_PASSWORD = "secret-password";
const SECRET_TAG = "secret-tag";
const SECRET_KEY = "secret-key-data";

/** What the fault "secrets" puts into the metadata. None of it may ever be in a log. */
export const SECRETS: readonly string[] = [
  SECRET_USER_DATA,
  btoa(SECRET_USER_DATA),
  SECRET_CUSTOM_DATA,
  btoa(SECRET_CUSTOM_DATA),
  SECRET_PASSWORD,
  SECRET_TAG,
  SECRET_KEY,
];

/** Secrets where compute has them, and where it might. */
const SECRET_COMPUTE: PlatformState["compute"] = {
  userData: btoa(SECRET_USER_DATA),
  customData: btoa(SECRET_CUSTOM_DATA),
  adminPassword: SECRET_PASSWORD,
  tags: `token:${SECRET_TAG}`,
  tagsList: [{ name: "token", value: SECRET_TAG }],
  publicKeys: [{
    keyData: `ssh-rsa ${SECRET_KEY}`,
    path: "/home/azureuser/.ssh/authorized_keys",
  }],
};

/** Secrets where osProfile might have them. */
const SECRET_OS_PROFILE: PlatformState["osProfile"] = {
  adminPassword: SECRET_PASSWORD,
  customData: btoa(SECRET_CUSTOM_DATA),
  disablePasswordAuthentication: "false",
  secrets: [{ password: SECRET_PASSWORD }],
};

/** The first of 256 private characters, each of which stands for a byte. */
const PLACEHOLDER = 0xE000;

/** Control and format characters that XML can hold, and a line that passes for one of the log. */
const CONTROL_IN_XML =
  "\t\r\n<3>Provisioned: forged\n\x7F\x9B2J\u2028\u2029\u200B\u202E";

/** The same for JSON, which can hold every control character. */
const CONTROL_IN_JSON = `\x1B[2J\x1B]0;forged\x07\b${CONTROL_IN_XML}`;

/** Control characters, not escaped: neither XML nor JSON allows them. */
const RAW_CONTROL = raw(0x1B, 0x5B, 0x32, 0x4A, 0x07, 0x08, 0x0A);

/** A stray byte, an overlong slash, a lone surrogate, and the start of a character. */
const BAD_UTF_8 = raw(0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xE2, 0x82);

const INJECTED_IDS = {
  containerId:
    "$(reboot)`reboot`;reboot|reboot&&reboot>/tmp/x '\"\\ ../../etc/passwd ]]><!--&amp;",
  instanceId: "../../../etc/shadow\"'; $(reboot) # <State>Ready</State> %s%n",
};

/** Keys and user data of the wrong types. */
const ODD_COMPUTE: PlatformState["compute"] = {
  publicKeys: [
    null,
    7,
    "ssh-rsa",
    [],
    {},
    { keyData: null },
    { keyData: ["ssh-rsa"] },
  ],
  userData: { value: "QUFB" },
};

/** A user of the wrong type. */
const ODD_OS_PROFILE: PlatformState["osProfile"] = {
  adminUsername: ["root"],
  disablePasswordAuthentication: 1,
};

/** The faults of the values: what the platform says about the VM. */
export const VALUE_FAULTS: readonly NamedFault[] = [
  {
    name: "bad-utf-8",
    summary: "values with bytes that are not UTF-8",
    targets: WITH_VALUES,
    values: insideAll(BAD_UTF_8, BAD_UTF_8),
    reply: withRawBytes,
  },
  {
    name: "nul",
    summary: "values with a NUL",
    targets: WITH_VALUES,
    values: insideAll("\0", "\0"),
  },
  {
    name: "control",
    summary: "values with control characters and line feeds",
    targets: WITH_VALUES,
    values: insideAll(CONTROL_IN_XML, CONTROL_IN_JSON),
  },
  {
    name: "raw-control",
    summary: "the same, not escaped",
    targets: WITH_VALUES,
    values: insideAll(RAW_CONTROL, RAW_CONTROL),
    reply: withRawBytes,
  },
  {
    name: "no-ids",
    summary: "an empty container id and instance id",
    targets: ["goal-state"],
    values: () => ({ containerId: "", instanceId: "" }),
  },
  {
    name: "inject",
    summary: "ids and names that a shell, XML or a path could obey",
    targets: WITH_VALUES,
    values: () => ({
      ...INJECTED_IDS,
      computerName: "vm;reboot",
      vmName: "$(reboot)",
      vmId: "../../etc/passwd",
    }),
    genuine: true,
    after: takeInjectedIds,
  },
  {
    name: "no-os-profile",
    summary: "no osProfile, as with a specialised image",
    targets: ["metadata"],
    plays: asksForInstance,
    values: () => ({ computerName: "" }),
    genuine: true,
  },
  {
    name: "odd-login",
    summary: "user, keys and user data of the wrong types",
    targets: ["metadata"],
    plays: asksForInstance,
    values: () => ({ compute: ODD_COMPUTE, osProfile: ODD_OS_PROFILE }),
    genuine: true,
  },
  {
    name: "bad-user-data",
    summary: "user data that is not base64",
    targets: ["metadata"],
    plays: asksForInstance,
    values: () => ({ compute: { userData: "#cloud-config" } }),
    genuine: true,
  },
  {
    name: "secrets",
    summary: "secrets that no log may show",
    targets: ["metadata"],
    plays: asksForInstance,
    values: () => ({
      compute: SECRET_COMPUTE,
      osProfile: SECRET_OS_PROFILE,
    }),
    genuine: true,
  },
];

/** Puts a text into the middle of every value: one in the goal state, one in the metadata. */
function insideAll(
  inGoalState: string,
  inMetadata: string,
): (state: PlatformState) => Partial<PlatformState> {
  return ({ containerId, instanceId, computerName, vmName, vmId }) => ({
    containerId: inside(containerId, inGoalState),
    instanceId: inside(instanceId, inGoalState),
    computerName: inside(computerName, inMetadata),
    vmName: inside(vmName, inMetadata),
    vmId: inside(vmId, inMetadata),
  });
}

function inside(value: string, text: string): string {
  const middle = Math.floor(value.length / 2);
  return `${value.slice(0, middle)}${text}${value.slice(middle)}`;
}

/** The ids are odd but valid: from now on, a report has to carry them. */
function takeInjectedIds(state: PlatformState, kind: Target): void {
  if (kind === "goal-state") Object.assign(state, INJECTED_IDS);
}

/** Text that stands for bytes, until {@linkcode withRawBytes} puts them in its place. */
function raw(...bytes: readonly number[]): string {
  return String.fromCodePoint(...bytes.map((byte) => PLACEHOLDER + byte));
}

function withRawBytes({ reply }: FaultContext): Reply {
  const { body } = reply;
  const bytes: number[] = [];
  for (let at = 0; at < body.length; at++) {
    const [first = 0, second = 0, third = 0] = body.subarray(at, at + 3);
    if (first === 0xEE && second >= 0x80 && second <= 0x83) {
      bytes.push((second & 0x03) << 6 | third & 0x3F);
      at += 2;
    } else {
      bytes.push(first);
    }
  }
  return { ...reply, body: Uint8Array.from(bytes) };
}
