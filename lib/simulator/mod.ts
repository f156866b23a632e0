/**
 * A strict fake of the platform: WireServer, IMDS and the host's plugin for guest agents on
 * sockets, with faults on request.
 *
 * It shares no code with the client, so that a mistake cannot hide in both.
 *
 * @module
 */
export type { AgentVerdict } from "./agents.ts";
export { describedVm, type Description } from "./described_vm.ts";
export { formatEvent, type PlatformEvent } from "./event.ts";
export { type Fault, parseFault } from "./fault.ts";
export { faultGroups, formatFaultGroups, formatHelp } from "./fault_list.ts";
export { FAULT_NAMES } from "./fault_table.ts";
export { HOST_PLUGIN_PORT } from "./host_plugin.ts";
export type { Address } from "./http_server.ts";
export { type Card, parseCard } from "./network_cards.ts";
export {
  type Platform,
  type PlatformOptions,
  startPlatform,
} from "./platform.ts";
export type { Health } from "./report_check.ts";
export {
  type ServiceName,
  summaryOf,
  type Target,
  TARGETS,
} from "./targets.ts";
export type { ThrottleLimits } from "./throttle.ts";
export { SECRETS } from "./value_faults.ts";
export { formatVerdict, type Verdict, type VmVerdict } from "./verdict.ts";
export { parseField, parseTag } from "./vm_fields.ts";
