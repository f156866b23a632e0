import type { Load } from "./_load.ts";

/** How one VM of a fleet fared. */
export interface FleetVm {
  /** How long it took to be ready, in milliseconds; undefined if it never was. */
  readonly readyAfterMs: number | undefined;
  /** How many requests it sent. */
  readonly requests: number;
}

/** How a fleet fared, be it played or simulated. */
export interface FleetResult {
  readonly vms: readonly FleetVm[];
  readonly load: Load;
  /** How many requests came sooner than the platform had asked for. */
  readonly hurried: number;
}

/** The numbers that tell whether a fleet fared well. */
export interface FleetSummary {
  readonly vms: number;
  readonly ready: number;
  /** How long the VM took that took longest, in seconds; Infinity if one was never ready. */
  readonly lastS: number;
  readonly requestsPerVm: number;
  readonly medianRequests: number;
  readonly maxRequests: number;
  readonly hurried: number;
  /** The requests of the first second. */
  readonly firstSecond: number;
  /** The most requests of any later second. */
  readonly peak: number;
  /** That peak over the mean of its seconds. */
  readonly peakToMean: number;
}

/**
 * Sums up how a fleet fared.
 *
 * @param result How each VM fared.
 * @param fromSecond The first second whose peak counts: that the first is one is the
 * fleet's doing, not the policy's.
 * @returns The numbers.
 */
export function summarize(
  { vms, load, hurried }: FleetResult,
  fromSecond = 1,
): FleetSummary {
  const requests = vms.map((vm) => vm.requests).sort((a, b) => a - b);
  const total = sum(requests);
  const later = load.arrived.slice(fromSecond);
  const peak = most(later);
  return {
    vms: vms.length,
    ready: vms.filter((vm) => vm.readyAfterMs !== undefined).length,
    lastS: most(vms.map((vm) => vm.readyAfterMs ?? Infinity)) / 1000,
    requestsPerVm: total / vms.length,
    medianRequests: requests[Math.floor(requests.length / 2)] ?? 0,
    maxRequests: requests.at(-1) ?? 0,
    hurried,
    firstSecond: load.arrived[0] ?? 0,
    peak,
    peakToMean: later.length === 0 ? 0 : peak / (sum(later) / later.length),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** `Math.max(...)` takes no hundred thousand arguments. */
function most(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
