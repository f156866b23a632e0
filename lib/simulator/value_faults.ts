import type { PlatformState, Target } from "./api.ts";
import { type FaultKind, WITH_BODY } from "./fault_kind.ts";
import { asksForInstance } from "./imds.ts";
import type { Reply } from "./reply.ts";

/** The first of 256 characters that nothing else uses, each in the place of a byte. */
const PLACEHOLDER = 0xE000;

/** Text that stands for bytes, whatever they are, until {@linkcode withRawBytes}. */
export function raw(...bytes: readonly number[]): string {
  return String.fromCodePoint(...bytes.map((byte) => PLACEHOLDER + byte));
}

/** The same answer with the bytes in place of the text that stands for them. */
export function withRawBytes(reply: Reply): Reply {
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

/** What the fault "secrets" puts into the metadata: none of it may ever be in a log. */
export const SECRETS: readonly string[] = [
  "secret-user-data",
  btoa("secret-user-data"),
  "secret-custom-data",
  btoa("secret-custom-data"),
  "secret-password",
  "secret-tag",
  "secret-key-data",
];

/** Secrets where compute has them, and where it might. */
export const SECRET_COMPUTE: Readonly<Record<string, unknown>> = {
  userData: btoa("secret-user-data"),
  customData: btoa("secret-custom-data"),
  adminPassword: "secret-password",
  tags: "token:secret-tag",
  tagsList: [{ name: "token", value: "secret-tag" }],
  publicKeys: [{
    keyData: "ssh-rsa secret-key-data",
    path: "/home/azureuser/.ssh/authorized_keys",
  }],
};

/** Secrets where osProfile might have them. */
export const SECRET_OS_PROFILE: Readonly<Record<string, unknown>> = {
  adminPassword: "secret-password",
  customData: btoa("secret-custom-data"),
  disablePasswordAuthentication: "false",
  secrets: [{ password: "secret-password" }],
};

/** Every control and format character that XML can hold, and a line that is none of the log's. */
const CONTROL_IN_XML =
  "\t\r\n<3>Provisioned: forged\n\x7F\x9B2J\u2028\u2029\u200B\u202E";

/** The same for JSON, which can hold all of them. */
const CONTROL_IN_JSON = `\x1B[2J\x1B]0;forged\x07\b${CONTROL_IN_XML}`;

/** Control characters as they are, which neither XML nor JSON allows. */
const RAW_CONTROL = raw(0x1B, 0x5B, 0x32, 0x4A, 0x07, 0x08, 0x0A);

/** A stray byte, an overlong slash, a lone surrogate and a character that is cut off. */
const BAD_UTF_8 = raw(0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xE2, 0x82);

const INJECTED_IDS = {
  containerId:
    "$(reboot)`reboot`;reboot|reboot&&reboot>/tmp/x '\"\\ ../../etc/passwd ]]><!--&amp;",
  instanceId: "../../../etc/shadow\"'; $(reboot) # <State>Ready</State> %s%n",
};

/** Keys and user data as other types than they should be. */
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

/** The user as other types than it should be. */
const ODD_OS_PROFILE: PlatformState["osProfile"] = {
  adminUsername: ["root"],
  disablePasswordAuthentication: 1,
};

/** The faults of what the platform says of the VM. */
export const VALUE_FAULTS: readonly (readonly [string, FaultKind])[] = [
  ["bad-utf-8", {
    targets: WITH_BODY,
    number: "tries",
    values: insideAll(BAD_UTF_8, BAD_UTF_8),
    reply: ({ reply }) => withRawBytes(reply),
  }],
  ["nul", {
    targets: WITH_BODY,
    number: "tries",
    values: insideAll("\0", "\0"),
  }],
  ["control", {
    targets: WITH_BODY,
    number: "tries",
    values: insideAll(CONTROL_IN_XML, CONTROL_IN_JSON),
  }],
  ["raw-control", {
    targets: WITH_BODY,
    number: "tries",
    values: insideAll(RAW_CONTROL, RAW_CONTROL),
    reply: ({ reply }) => withRawBytes(reply),
  }],
  ["no-ids", {
    targets: ["goal-state"],
    number: "tries",
    values: () => ({ containerId: "", instanceId: "" }),
  }],
  ["inject", {
    targets: WITH_BODY,
    number: "tries",
    values: () => ({
      ...INJECTED_IDS,
      computerName: "vm;reboot",
      vmName: "$(reboot)",
      vmId: "../../etc/passwd",
    }),
    genuine: true,
    after: takeInjectedIds,
  }],
  ["no-os-profile", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForInstance,
    values: () => ({ computerName: "" }),
    genuine: true,
  }],
  ["odd-login", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForInstance,
    values: () => ({ compute: ODD_COMPUTE, osProfile: ODD_OS_PROFILE }),
    genuine: true,
  }],
  ["bad-user-data", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForInstance,
    values: () => ({ compute: { userData: "#cloud-config" } }),
    genuine: true,
  }],
  ["secrets", {
    targets: ["metadata"],
    number: "tries",
    plays: asksForInstance,
    values: () => ({
      compute: SECRET_COMPUTE,
      osProfile: SECRET_OS_PROFILE,
    }),
    genuine: true,
  }],
];

/** Puts a text into the middle of every value, another one in the goal state than in the metadata. */
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

/** The ids are in order, if odd: a report has to carry them from now on. */
function takeInjectedIds(state: PlatformState, kind: Target): void {
  if (kind === "goal-state") Object.assign(state, INJECTED_IDS);
}
