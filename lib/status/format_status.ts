import { escapeUnprintable } from "../escape_unprintable.ts";
import {
  describeUserData,
  type UserDataResult,
} from "../parts/user_data/user_data_result.ts";
import type { RunState } from "../record/read_record.ts";
import type { Call, Phase, RunRecord } from "../record/record.ts";
import { shorten } from "../shorten.ts";

/** The record of a run, and what is known of one that has not ended. */
export type Report = Omit<RunRecord, "outcome"> & {
  readonly outcome: Exclude<RunRecord["outcome"], "running"> | RunState;
  /** What has become of the VM's user data, if something runs them. */
  readonly userData?: UserDataResult;
  /** What has become of its custom data, likewise. */
  readonly customData?: UserDataResult;
};

const HEADLINES: Readonly<Record<Report["outcome"], string>> = {
  "provisioned": "This VM is provisioned: the platform knows that it is ready.",
  "failed": "The first boot failed.",
  "stopped": "The first boot was told to stop before it was done.",
  "not on Azure":
    "This machine is not on Azure: it was left alone, and nobody was told.",
  "running": "The first boot is under way.",
  "cut off": "The first boot was cut off: by a crash, a kill or a power cut.",
  "running or cut off":
    "The first boot is under way, or was cut off; root can tell which.",
};

/** The longest text of a record that is shown, in characters. */
const MAX_TEXT_LENGTH = 1000;

/**
 * Writes a page about a run, for a person.
 *
 * @param report The run.
 * @returns Lines of at most 80 characters, without colours.
 */
export function formatReport(report: Report): string {
  return [
    HEADLINES[report.outcome],
    "",
    ...facts(report),
    ...section("What was done", phaseLines(report)),
    ...section("What the platform was asked", callLines(report)),
  ].join("\n") + "\n";
}

function facts(report: Report): string[] {
  const { error, durationMs, userData, customData } = report;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Began", report.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")],
    ["Took", durationMs === undefined ? undefined : formatDuration(durationMs)],
    ["VM", report.vmId],
    ["Instance", report.instanceId],
    ["Reported", report.health ?? "nothing that the platform took"],
    ["Reason", error && `${error.key}: ${error.message}`],
    ["Custom data", customData && describeUserData(customData)],
    ["User data", userData && describeUserData(userData)],
    ["Program", `azure-provisioning ${report.version}`],
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

function phaseLines({ phases, durationMs }: Report): string[] {
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
  return start.length + words.length <= 80
    ? [start + words]
    : [start + outcome, ...wrap("    ", visible(what ?? ""), "    ")];
}

function callLines({ calls, moreCalls }: Report): string[] {
  const lines = calls.flatMap(callLine);
  return moreCalls === 0
    ? lines
    : [...lines, `... and ${moreCalls} more, which the journal has`];
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

/** As many characters as every terminal has in a line. */
export const PAGE_WIDTH = 80;

/**
 * Breaks a text into lines, at blanks where there are any.
 *
 * @param first What the first line begins with.
 * @param text The text.
 * @param rest What the other lines begin with.
 * @returns The lines, none of which begins with a command to a CI system, nor is over {@linkcode PAGE_WIDTH} characters.
 */
export function wrap(first: string, text: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ").flatMap((it) => pieces(it, rest))) {
    if (!isEmpty && line.length + 1 + word.length > PAGE_WIDTH) {
      lines.push(line.trimEnd());
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Each may come to the beginning of a line. */
function pieces(text: string, rest: string): string[] {
  const length = PAGE_WIDTH - rest.length;
  const word = escapeUnprintable(text);
  if (word.length <= length) return [word];
  return [word.slice(0, length), ...pieces(word.slice(length), rest)];
}

/** How many characters a timeline has. */
export const TIMELINE_WIDTH = 30;

/**
 * Draws when something began and ended.
 *
 * @param startMs When it began, in milliseconds since the run did.
 * @param endMs When it ended, likewise.
 * @param totalMs How long the run took.
 * @returns {@linkcode TIMELINE_WIDTH} characters; what took no time is a single dot.
 */
export function drawSpan(
  startMs: number,
  endMs: number,
  totalMs: number,
): string {
  const column = (ms: number) =>
    totalMs <= 0 ? 0 : Math.min(1, ms / totalMs) * TIMELINE_WIDTH;
  const from = Math.min(TIMELINE_WIDTH - 1, Math.floor(column(startMs)));
  const to = Math.max(from + 1, Math.ceil(column(endMs)));
  const mark = endMs === startMs ? "." : "#".repeat(to - from);
  return (" ".repeat(from) + mark).padEnd(TIMELINE_WIDTH);
}

/**
 * Writes a time for people.
 *
 * @param ms Milliseconds.
 * @returns Such as `0.4 ms`, `12 ms`, `3.45 s` or `20 min 0 s`.
 */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
