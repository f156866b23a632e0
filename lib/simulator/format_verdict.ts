import { quote } from "./quote.ts";
import type { Target } from "./target.ts";
import type { Verdict } from "./verdict.ts";
import type { VmVerdict } from "./vm_verdict.ts";

/** A verdict as a few plain lines for a person, each ended by a line feed. */
export function formatVerdict(verdict: Verdict): string {
  const { notReady, hostNameAskedFor, throttled, vms } = verdict;
  const lines = [
    `Ready: ${
      verdict.ready
        ? `yes, after ${verdict.readyAfterMs} ms, ${formatBy(verdict.readyBy)}`
        : "no"
    }`,
    ...(notReady === undefined ? [] : [
      `Not ready: ${notReady.subStatus}, ${quote(notReady.description)}, ${
        formatBy(verdict.notReadyBy)
      }`,
    ]),
    `Host name asked for: ${
      hostNameAskedFor === undefined ? "none" : quote(hostNameAskedFor)
    }`,
    `Metadata served: ${verdict.metadataServed ? "yes" : "no"}`,
    `Requests: ${verdict.requests}, refused: ${verdict.refused}`,
    ...(throttled === undefined ? [] : [`Throttled: ${throttled}`]),
    ...(vms === undefined ? [] : formatVms(vms)),
    ...verdict.refusals.map((refusal) => `Refused: ${refusal}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function formatBy(endpoint: Target | undefined): string {
  return endpoint === "health-json" ? "as JSON" : "as XML";
}

/** How many VMs are ready, and each that is not, or is more than once. */
function formatVms(vms: readonly VmVerdict[]): string[] {
  const ready = vms.filter(({ readyCount }) => readyCount > 0);
  return [
    `VMs: ${vms.length}, ready: ${ready.length}`,
    ...vms.filter(({ readyCount }) => readyCount !== 1).map((
      { address, readyCount, requests },
    ) =>
      `VM ${address}: ${
        readyCount === 0 ? "not ready" : `ready ${readyCount} times`
      }, ${requests} requests`
    ),
  ];
}
