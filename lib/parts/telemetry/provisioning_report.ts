import { KVP_VALUE_LIMIT, type KvpItem } from "./kvp_record.ts";
import type { Phase } from "../../record/record.ts";
import { VERSION } from "../../version.ts";

/** How provisioning ended. */
export interface Outcome {
  /** The VM's id, if it is known. */
  readonly vmId: string | undefined;
  /** Why it failed; absent after a success. */
  readonly reason?: string | undefined;
  /** When it ended. */
  readonly at: Date;
}

/** The end of a reason that was cut. */
const ELLIPSIS = "...";

/**
 * Formats `PROVISIONING_REPORT`, the record that Azure's own tools look for.
 *
 * The format is cloud-init's and azure-init's: fields separated by `|`. A field that
 * contains `|` or `'` is enclosed in `'`, with each `'` in it doubled. A long reason is
 * cut so that all fields arrive.
 */
export function provisioningReport(outcome: Outcome): KvpItem {
  const { reason, vmId, at } = outcome;
  const before = reason === undefined ? "result=success|" : "result=error|";
  const after = [
    `agent=azure-provisioning/${VERSION}`,
    `timestamp=${at.toISOString()}`,
    ...(vmId === undefined ? [] : [`vm_id=${shortId(vmId)}`]),
  ].map(quoted).join("|");
  const left = KVP_VALUE_LIMIT - bytesOf(`${before}|${after}`);
  const why = reason === undefined
    ? ""
    : `${quoted(fitting(`reason=${reason}`, left))}|`;
  return { key: "PROVISIONING_REPORT", value: `${before}${why}${after}` };
}

/**
 * Formats how long each phase of the run took, in milliseconds.
 *
 * @returns A key, and a value such as `goal-state=12|metadata=9|user=40 failed`.
 */
export function phaseReport(phases: readonly Phase[]): KvpItem {
  const fields = phases.map(({ name, startMs, endMs, outcome }) =>
    quoted(
      `${name}=${Math.round(endMs - startMs)}${
        outcome === "done" ? "" : ` ${outcome}`
      }`,
    )
  );
  while (bytesOf(fields.join("|")) > KVP_VALUE_LIMIT) fields.pop();
  return { key: "AZURE_PROVISIONING_PHASES", value: fields.join("|") };
}

function quoted(field: string): string {
  return /[|']/.test(field) ? `'${field.replaceAll("'", "''")}'` : field;
}

/** Cuts a field to at most `bytes` bytes once it is quoted. */
function fitting(field: string, bytes: number): string {
  if (bytesOf(quoted(field)) <= bytes) return field;
  let left = bytes - ELLIPSIS.length - 2;
  let end = 0;
  for (const character of field) {
    left -= character === "'" ? 2 : bytesOf(character);
    if (left < 0) break;
    end += character.length;
  }
  return `${field.slice(0, end)}${ELLIPSIS}`;
}

/** A real id has 36 characters; anything else in its place must leave room for a reason. */
function shortId(vmId: string): string {
  return vmId.slice(0, 64);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
