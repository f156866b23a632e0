import {
  KVP_POOL,
  KVP_VALUE_LIMIT,
  type KvpItem,
  type PoolContext,
  putInPool,
} from "./kvp_pool.ts";
import type { Phase } from "../../record/record.ts";
import { VERSION } from "../../version.ts";

/** What came of the provisioning, for the host. */
export interface Outcome {
  /** The VM's id, if it is known. */
  readonly vmId: string | undefined;
  /** Why it failed; absent where it did not. */
  readonly reason?: string;
  /** When it ended. */
  readonly at: Date;
}

/** What a reason that was cut ends with. */
const CUT = "...";

/**
 * Writes `PROVISIONING_REPORT`, the record that Azure's own tools look for.
 *
 * It is what cloud-init and azure-init write: fields with `|` between them. A field
 * with a `|` or a `'` in it stands in `'`, and each `'` in it twice. A long reason is
 * cut so that all the fields arrive.
 *
 * @param outcome What came of it.
 * @returns The record's key and value.
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
 * Writes how long each phase of the run took, in milliseconds.
 *
 * @param phases The phases that have ended.
 * @returns The record's key and value, such as `goal-state=12|metadata=9|user=40 failed`.
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

/** As much of a field as has no more than so many bytes once it is quoted. */
function fitting(field: string, bytes: number): string {
  if (bytesOf(quoted(field)) <= bytes) return field;
  let left = bytes - CUT.length - 2;
  let end = 0;
  for (const character of field) {
    left -= character === "'" ? 2 : bytesOf(character);
    if (left < 0) break;
    end += character.length;
  }
  return `${field.slice(0, end)}${CUT}`;
}

/** An id has 36 characters; whatever else the metadata have in its place must leave room for a reason. */
function shortId(vmId: string): string {
  return vmId.slice(0, 64);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What the host is told. */
export interface Telling {
  /** The VM's id, if it is known. */
  readonly vmId: string | undefined;
  /** Why the provisioning failed; absent where it did not. No secrets. */
  readonly reason?: string;
  /** The phases of the run that have ended. */
  readonly phases: readonly Phase[];
  /** The pool, if it is another than the machine's own. */
  readonly pool?: string;
}

/**
 * Tells the host, by way of Hyper-V's key-value pairs, how the provisioning went.
 *
 * It has to come before the health report: the platform reads it no later. It needs
 * no network, so it is all that the platform learns where WireServer is out of reach.
 *
 * @param telling What it is told.
 * @param context Time, and what ends the wait.
 * @throws {ProvisioningError} If it cannot be written.
 */
export async function tellHost(
  { pool = KVP_POOL, phases, ...outcome }: Telling,
  context: PoolContext,
): Promise<void> {
  await putInPool(pool, [
    provisioningReport({ ...outcome, at: new Date() }),
    ...(phases.length === 0 ? [] : [phaseReport(phases)]),
  ], context);
}
