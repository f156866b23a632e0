import { quote } from "./quote.ts";
import type { Verdict } from "./verdict.ts";

/** A verdict as a few plain lines for a person, each ended by a line feed. */
export function formatVerdict(verdict: Verdict): string {
  const { notReady, hostNameAskedFor } = verdict;
  const lines = [
    `Ready: ${verdict.ready ? `yes, after ${verdict.readyAfterMs} ms` : "no"}`,
    ...(notReady === undefined
      ? []
      : [`Not ready: ${notReady.subStatus}, ${quote(notReady.description)}`]),
    `Host name asked for: ${
      hostNameAskedFor === undefined ? "none" : quote(hostNameAskedFor)
    }`,
    `Metadata served: ${verdict.metadataServed ? "yes" : "no"}`,
    `Requests: ${verdict.requests}, refused: ${verdict.refused}`,
    ...verdict.refusals.map((refusal) => `Refused: ${refusal}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
