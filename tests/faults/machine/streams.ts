import {
  DONE,
  type FaultCase,
  type Outcome,
  PROVISIONED,
} from "../_fault_case.ts";

const { log: _, ...SILENT } = PROVISIONED;
const { log: __, ...SILENT_DONE } = DONE;

function streams(
  name: string,
  start: string,
  options: { readonly silent?: true; readonly slow?: true } = {},
): FaultCase {
  const [first, next]: readonly Outcome[] = options.silent
    ? [SILENT, SILENT_DONE]
    : [PROVISIONED, DONE];
  return {
    name: `${name} works`,
    start,
    first: first!,
    next: next!,
    slow: options.slow ?? false,
  };
}

/** A pipe whose reader is gone. */
const DEAD_PIPE =
  "rm -f /run/pipe; mkfifo /run/pipe; exec 9<>/run/pipe; exec 8>/run/pipe; exec 9<&-";

/** Faults of the machine: standard streams. */
export const STREAMS_CASES: readonly FaultCase[] = [
  streams("without standard input", 'exec "$0" provision <&-', { slow: true }),
  streams("without standard output", 'exec "$0" provision >&-', { slow: true }),
  streams("without standard error", 'exec "$0" provision 2>&-', {
    silent: true,
    slow: true,
  }),
  streams("without any stream", 'exec "$0" provision <&- >&- 2>&-', {
    silent: true,
  }),
  streams("whose output is a full device", 'exec "$0" provision >/dev/full', {
    slow: true,
  }),
  streams("whose log is a full device", 'exec "$0" provision 2>/dev/full', {
    silent: true,
    slow: true,
  }),
  streams(
    "whose log nobody reads any more",
    `${DEAD_PIPE}; exec "$0" provision 2>&8 8>&-`,
    { silent: true },
  ),
];
