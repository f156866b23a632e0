import { escapeUnprintable } from "../escape_unprintable.ts";
import { drawSpan, formatDuration, PAGE_WIDTH, wrap } from "./layout.ts";
import {
  describeUserData,
  type UserDataResult,
} from "../parts/user_data/user_data_result.ts";
import type { Call, Phase, RunRecord } from "../record/record.ts";
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

/**
 * Formats the status of the last run as a page for people.
 *
 * @returns Lines of at most 80 characters, without colour.
 */
export function formatStatus(status: Status): string {
  return [
    HEADLINES[status.outcome],
    "",
    ...factLines(status),
    ...section("What was done", phaseLines(status)),
    ...section("What the platform was asked", callLines(status)),
  ].join("\n") + "\n";
}

function factLines(status: Status): string[] {
  const { error, durationMs, userData, customData } = status;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Began", status.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["Took", durationMs === undefined ? undefined : formatDuration(durationMs)],
    ["VM", status.vmId],
    ["Instance", status.instanceId],
    ["Reported", status.health ?? "nothing that the platform accepted"],
    ["Reason", error && `${error.key}: ${error.message}`],
    ["Custom data", customData && describeUserData(customData)],
    ["User data", userData && describeUserData(userData)],
    ["Program", `${PROGRAM_NAME} ${status.version}`],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : wrap(`${name} `.padEnd(10), visible(value), " ".repeat(10))
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}

function phaseLines({ phases, durationMs }: Status): string[] {
  const total = durationMs ?? Math.max(0, ...phases.map((it) => it.endMs));
  return phases.flatMap((phase) => phaseLine(phase, total));
}

function phaseLine(phase: Phase, totalMs: number): string[] {
  const { name, startMs, endMs, outcome, what } = phase;
  const took = startMs === endMs ? "" : formatDuration(endMs - startMs);
  const start = [
    visible(name).slice(0, 12).padEnd(12),
    `|${drawSpan(startMs, endMs, totalMs)}|`,
    took.padStart(10),
    "",
  ].join(" ");
  const words = what === undefined ? outcome : `${outcome}: ${visible(what)}`;
  return start.length + words.length <= PAGE_WIDTH
    ? [start + words]
    : [start + outcome, ...wrap("    ", visible(what ?? ""), "    ")];
}

function callLines({ calls, moreCalls }: Status): string[] {
  const lines = calls.flatMap(callLine);
  return moreCalls === 0
    ? lines
    : [...lines, `... and ${moreCalls} more; see the journal`];
}

function callLine({ what, tries, startMs, endMs, ...call }: Call): string[] {
  const answer = [
    call.ok ? "answered" : "failed",
    ...(call.status === undefined ? [] : [String(call.status)]),
    `after ${formatDuration(endMs - startMs)}`,
  ].join(" ");
  const why = call.why === undefined ? "" : `: ${visible(call.why)}`;
  return wrap(
    `${formatDuration(startMs).padStart(10)}  `,
    `${visible(what)}, try ${tries}: ${answer}${why}`,
    " ".repeat(14),
  );
}

function visible(text: string): string {
  return escapeUnprintable(shorten(text, MAX_TEXT_LENGTH).toWellFormed());
}
