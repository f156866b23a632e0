import { quote, Refusal } from "./refusal.ts";
import type { Health } from "./report_check.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Parses a health report in JSON, which must have exactly the members that the platform
 * knows, each once.
 *
 * @throws {Refusal} If it is invalid. The message names the first mistake.
 */
export function checkJsonReport(text: string): Health {
  const report = members(parse(text), "Report");
  const state = report["state"];
  switch (state) {
    case "Ready":
      requireMembers(report, "Report", ["state"]);
      requireStrings(text, 2);
      return { state };
    case "NotReady": {
      requireMembers(report, "Report", ["state", "details"]);
      const health = checkDetails(members(report["details"], "details"));
      requireStrings(text, 7);
      return health;
    }
    default:
      throw new Refusal(
        400,
        `Member "state" is ${show(state)}, not "Ready" or "NotReady"`,
      );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, `Report ${quote(text)} is not JSON`);
  }
}

function checkDetails(details: Members): Health {
  requireMembers(details, "details", ["subStatus", "description"]);
  const { subStatus, description } = details;
  if (subStatus !== "ProvisioningFailed" && subStatus !== "Provisioning") {
    throw new Refusal(
      400,
      `Member "subStatus" is ${
        show(subStatus)
      }, not "ProvisioningFailed" or "Provisioning"`,
    );
  }
  if (typeof description !== "string" || !description.isWellFormed()) {
    throw new Refusal(
      400,
      `Member "description" is ${show(description)}, not text`,
    );
  }
  return { state: "NotReady", subStatus, description };
}

function members(value: unknown, name: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Members;
  }
  throw new Refusal(400, `${label(name)} is ${show(value)}, not an object`);
}

function requireMembers(
  found: Members,
  name: string,
  wanted: readonly string[],
): void {
  for (const member of Object.keys(found)) {
    if (!wanted.includes(member)) {
      throw new Refusal(
        400,
        `Member ${quote(member)} does not belong in ${label(name, true)}`,
      );
    }
  }
  for (const member of wanted) {
    if (!Object.hasOwn(found, member)) {
      throw new Refusal(
        400,
        `Member ${quote(member)} is missing in ${label(name, true)}`,
      );
    }
  }
}

/** The members are known, so any further string means that one is repeated. */
function requireStrings(text: string, count: number): void {
  if ((text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).length !== count) {
    throw new Refusal(400, `Report ${quote(text)} has a member twice`);
  }
}

function label(name: string, inSentence = false): string {
  if (name === "Report") return inSentence ? "the report" : name;
  return inSentence ? quote(name) : `Member ${quote(name)}`;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : quote(
    typeof value === "string" ? value : JSON.stringify(value),
  );
}
