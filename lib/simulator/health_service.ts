import type { Answer } from "./api.ts";
import { quote, Refusal } from "./refusal.ts";
import { emptyReply } from "./reply.ts";
import type { Request } from "./request.ts";
import { requireJson } from "./require.ts";

/** The members of a message, and of each observation in it, as WALinuxAgent sends them. */
const MEMBERS = ["Api", "Version", "Source", "Observations"];
const OBSERVATION = ["ObservationName", "IsHealthy", "Description", "Value"];

/**
 * Answers what an agent has observed of the services that it uses, such as the host's plugin.
 *
 * @throws {Refusal} If a member is missing.
 */
export function answerHealthService(request: Request): Answer {
  const message = requireJson(request);
  requireMembers(message, MEMBERS);
  const observations = message["Observations"];
  if (!Array.isArray(observations)) {
    throw new Refusal(400, `Member "Observations" is not an array`);
  }
  for (const observation of observations) {
    requireMembers(observation, OBSERVATION);
  }
  return { reply: emptyReply(200) };
}

function requireMembers(value: unknown, names: readonly string[]): void {
  const missing = names.find((name) =>
    typeof value !== "object" || value === null || !Object.hasOwn(value, name)
  );
  if (missing !== undefined) {
    throw new Refusal(
      400,
      `Member ${quote(missing)} is missing in ${quote(JSON.stringify(value))}`,
    );
  }
}
