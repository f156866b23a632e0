import { escapeUnprintable } from "../escape_unprintable.ts";
import { foldCalls, type FoldedCalls } from "./fold_calls.ts";
import { drawSpan, formatDuration, PAGE_WIDTH, wrap } from "./layout.ts";
import { splitRemedy } from "./split_remedy.ts";
import {
  describeUserData,
  type UserDataResult,
} from "../parts/user_data/user_data_result.ts";
import type { Phase, RunRecord } from "../record/record.ts";
import { shorten } from "../shorten.ts";
import { PROGRAM_NAME } from "../version.ts";

/** What has become of a run: how it ended, or whether it is still under way. */
export type Outcome =
  | RunRecord["outcome"]
  | "interrupted"
  | "running or interrupted";

/** The record of the last run, and what happened since. */
export interface Status extends Omit<RunRecord, "outcome"> {
  /** What has become of the run. */
  readonly outcome: Outcome;
  /** What has become of the VM's user data, if something runs it. */
  readonly userData?: UserDataResult | undefined;
  /** What has become of the VM's custom data, if something runs it. */
  readonly customData?: UserDataResult | undefined;
}

const HEADLINES: Readonly<Record<Outcome, string>> = {
  "provisioned": "This VM is provisioned: the platform knows that it is ready.",
  "failed": "The first boot failed.",
  "stopped": "The first boot was told to stop before it was done.",
  "not on Azure":
    "This machine is not on Azure: nothing was changed, and nothing reported.",
  "running": "The first boot is under way.",
  "interrupted":
    "The first boot was interrupted: by a crash, a kill or a power cut.",
  "running or interrupted":
    "The first boot is under way or was interrupted; run this as root to know.",
};

/** Longer text of a record is shortened, in characters. */
const MAX_TEXT_LENGTH = 1000;

/** A key of a failure, such as `metadata_unavailable`. */
const KEY_REGEXP = /^[a-z]+(?:_[a-z]+)+$/;

/**
 * Formats the status of the last run as a page for people: first why it failed and what to
 * do, then the rest.
 *
 * @param status The status.
 * @param width The longest line, in characters.
 * @returns Lines without colour.
 */
export function formatStatus(status: Status, width = PAGE_WIDTH): string {
  return [
    ...wrap("", HEADLINES[status.outcome], { width }),
    "",
    ...reasonLines(status, width),
    ...factLines(status, width),
    ...section("What was done", phaseLines(status, width)),
    ...section("What the platform was asked", callLines(status, width)),
  ].join("\n") + "\n";
}

function reasonLines({ error }: Status, width: number): string[] {
  if (error === undefined) return [];
  const { reason, remedy } = splitRemedy(error.message);
  return [...rowLines([["Reason", reason], ["Remedy", remedy]], width), ""];
}

function factLines(status: Status, width: number): string[] {
  const { durationMs, userData, customData } = status;
  return rowLines([
    ["Began", status.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["Took", durationMs === undefined ? undefined : formatDuration(durationMs)],
    ["VM", status.vmId],
    ["Instance", status.instanceId],
    ["Reported", status.health ?? "nothing that the platform accepted"],
    ["Custom data", customData && describeUserData(customData)],
    ["User data", userData && describeUserData(userData)],
    ["Program", `${PROGRAM_NAME} ${status.version}`],
  ], width);
}

function rowLines(
  rows: readonly (readonly [string, string | undefined])[],
  width: number,
): string[] {
  const indent = " ".repeat(10);
  return rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : wrap(`${name} `.padEnd(10), visible(value), { indent, width })
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}

function phaseLines(
  { phases, durationMs, error }: Status,
  width: number,
): string[] {
  const totalMs = durationMs ?? Math.max(0, ...phases.map((it) => it.endMs));
  return phases.flatMap((phase) =>
    phaseLine(phase, { totalMs, key: error?.key, width })
  );
}

interface PhaseOptions {
  readonly totalMs: number;
  /** The key of the run's error. */
  readonly key: string | undefined;
  readonly width: number;
}

function phaseLine(
  { name, startMs, endMs, outcome, what }: Phase,
  { totalMs, key, width }: PhaseOptions,
): string[] {
  const took = startMs === endMs ? "" : formatDuration(endMs - startMs);
  const start = [
    visible(name).slice(0, 12).padEnd(12),
    ...(width < PAGE_WIDTH ? [] : [`|${drawSpan(startMs, endMs, totalMs)}|`]),
    took.padStart(10),
    "",
  ].join(" ");
  const why = what === undefined ? undefined : phaseWords(what, outcome, key);
  const words = why === undefined ? outcome : `${outcome}: ${visible(why)}`;
  const indent = "    ";
  return start.length + words.length <= width
    ? [start + words]
    : [start + outcome, ...wrap(indent, visible(why ?? ""), { indent, width })];
}

/** A phase that failed has the key of its error, which is for programs. */
function phaseWords(
  what: string,
  outcome: Phase["outcome"],
  key: string | undefined,
): string {
  if (outcome === "done" || !KEY_REGEXP.test(what)) return what;
  return what === key ? "see the reason above" : what.replaceAll("_", " ");
}

function callLines({ calls, moreCalls }: Status, width: number): string[] {
  const lines = foldCalls(calls).flatMap((folded) => callLine(folded, width));
  return moreCalls === 0
    ? lines
    : [...lines, `... and ${moreCalls} more; see the journal`];
}

function callLine(
  { first, last, count }: FoldedCalls,
  width: number,
): string[] {
  const { what, tries, startMs } = first;
  const answer = [
    first.ok ? "answered" : "failed",
    ...(first.status === undefined ? [] : [String(first.status)]),
    ...(count === 1
      ? [`after ${formatDuration(first.endMs - startMs)}`]
      : [`${count} times, until ${formatDuration(last.endMs)}`]),
  ].join(" ");
  const which = count === 1
    ? `try ${tries}`
    : last.tries - tries === count - 1
    ? `tries ${tries} to ${last.tries}`
    : `${count} tries`;
  const why = last.why === undefined ? "" : `: ${visible(last.why)}`;
  return wrap(
    `${formatDuration(startMs).padStart(10)}  `,
    `${visible(what)}, ${which}: ${answer}${why}`,
    { indent: " ".repeat(14), width },
  );
}

function visible(text: string): string {
  return escapeUnprintable(shorten(text, MAX_TEXT_LENGTH).toWellFormed());
}
