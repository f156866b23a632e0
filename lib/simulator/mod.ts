/**
 * A strict fake of the platform: WireServer and IMDS on sockets, with faults on request.
 *
 * It shares no code with the client, so that a mistake cannot hide in both.
 *
 * @module
 */
export { type ServiceName, type Target, TARGETS } from "./api.ts";
export { formatEvent, type PlatformEvent } from "./event.ts";
export { type Fault, parseFault } from "./fault.ts";
export { faultGroups, formatFaultGroups } from "./fault_list.ts";
export { FAULT_NAMES } from "./fault_table.ts";
export type { Address } from "./http_server.ts";
export {
  type Platform,
  type PlatformOptions,
  startPlatform,
} from "./platform.ts";
export type { Health } from "./report_check.ts";
export type { ThrottleLimits } from "./throttle.ts";
export { SECRETS } from "./value_faults.ts";
export { formatVerdict, type Verdict, type VmVerdict } from "./verdict.ts";
