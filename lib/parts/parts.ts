import { dnsPart } from "./dns/dns_part.ts";
import { hostnamePart } from "./hostname/hostname_part.ts";
import { passwordPart } from "./login/password_part.ts";
import { sshKeysPart } from "./login/ssh_keys_part.ts";
import { sudoPart } from "./login/sudo_part.ts";
import { userPart } from "./login/user_part.ts";
import { loginPart } from "./login_check/login_part.ts";
import type { Part } from "./part.ts";
import { telemetryPart } from "./telemetry/telemetry_part.ts";
import { customDataPart, userDataPart } from "./user_data/user_data_part.ts";

/** All parts, in the order in which they run. */
export const PARTS: readonly Part[] = [
  hostnamePart,
  dnsPart,
  userPart,
  passwordPart,
  sudoPart,
  sshKeysPart,
  loginPart,
  userDataPart,
  customDataPart,
  telemetryPart,
];
