/**
 * A strict fake of the platform's side: WireServer and IMDS on sockets, with faults on request.
 *
 * It shares no code with the client, so that a mistake of the client cannot hide in it.
 *
 * @module
 */
export { formatEvent, type PlatformEvent } from "./event.ts";
export { type Fault, parseFault } from "./fault.ts";
export { FAULT_NAMES } from "./fault_table.ts";
export { formatVerdict } from "./verdict.ts";
export type { Address } from "./http_server.ts";
export {
  type Platform,
  type PlatformOptions,
  startPlatform,
} from "./platform.ts";
export type { Health } from "./report_check.ts";
export { SECRETS } from "./value_faults.ts";
export { type ServiceName, type Target, TARGETS } from "./api.ts";
export type { ThrottleLimits } from "./throttle.ts";
export type { Verdict } from "./verdict.ts";
export type { VmVerdict } from "./verdict.ts";
