import type { FaultKind } from "./fault_kind.ts";
import { FAULT_NAMES, findFaultKind } from "./fault_table.ts";
import { quote } from "./refusal.ts";
import { isTarget, type Target } from "./targets.ts";

/** A fault that the platform is told to play. */
export interface Fault {
  /** The fault's name, or an HTTP status from 300 to 599. */
  readonly name: string;
  /** The requests it is aimed at; undefined for all that it can be aimed at. */
  readonly target: Target | undefined;
  /** How many tries it lasts, or the seconds of "late-start"; undefined means for ever. */
  readonly number: number | undefined;
}

const MOST_TRIES = 1_000_000;
const MOST_SECONDS = 86_400;

/**
 * Parses `NAME[@TARGET][=N]`, such as `503@goal-state=2`.
 *
 * @throws {Error} If it is wrong. The message says how, and lists the faults there are.
 */
export function parseFault(text: string): Fault {
  const [, name = "", targetText, numberText] =
    /^([^@=]+)(?:@([^@=]*))?(?:=([^@=]*))?$/.exec(text) ??
      [];
  if (name === "") {
    throw new Error(
      `Fault ${quote(text)} is not of the form "NAME[@TARGET][=N]"; ${known()}`,
    );
  }
  const kind = findFaultKind(name);
  if (kind === undefined) {
    throw new Error(`Fault ${quote(name)} is unknown; ${known()}`);
  }
  return {
    name,
    target: targetText === undefined
      ? undefined
      : parseTarget(text, targetText, kind),
    number: parseNumber(text, numberText, kind),
  };
}

function known(): string {
  const names = FAULT_NAMES.map((name) => `"${name}"`).join(", ");
  return `known faults are ${names} and every HTTP status from "300" to "599"`;
}

function parseTarget(
  text: string,
  targetText: string,
  kind: FaultKind,
): Target {
  if (!isTarget(targetText) || !kind.targets.includes(targetText)) {
    const targets = kind.targets.map((target) => `"${target}"`).join(", ");
    throw new Error(
      `Fault ${quote(text)} cannot have the target ${
        quote(targetText)
      }; its targets are ${targets}; ${known()}`,
    );
  }
  return targetText;
}

function parseNumber(
  text: string,
  numberText: string | undefined,
  kind: FaultKind,
): number | undefined {
  switch (kind.number) {
    case "none":
      if (numberText === undefined) return undefined;
      throw new Error(
        `Fault ${quote(text)} takes no number, but has ${
          quote(numberText)
        }; ${known()}`,
      );
    case "tries":
    case undefined:
      if (numberText === undefined) return undefined;
      return checkNumber(
        text,
        numberText,
        /^[1-9]\d*$/,
        MOST_TRIES,
        "a number of tries",
      );
    case "seconds":
      return checkNumber(
        text,
        numberText ?? "",
        /^\d+(\.\d+)?$/,
        MOST_SECONDS,
        "a number of seconds",
      );
  }
}

function checkNumber(
  text: string,
  numberText: string,
  form: RegExp,
  most: number,
  what: string,
): number {
  const number = form.test(numberText) ? Number(numberText) : NaN;
  if (!(number <= most)) {
    throw new Error(
      `Fault ${quote(text)} needs ${what} up to "${most}", but has ${
        quote(numberText)
      }; ${known()}`,
    );
  }
  return number;
}
