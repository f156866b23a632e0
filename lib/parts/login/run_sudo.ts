import type { PartContext, PartOutcome } from "../part.ts";
import { messageOf } from "../../provisioning_error.ts";
import { giveAdminRights } from "./sudo/admin_rights.ts";
import { findAdmin } from "./account/ensure_user.ts";
import { machineOf } from "./login_machine.ts";
import { isPasswordMarked } from "./password/password_mark.ts";
import { passwordPart } from "./password_part.ts";
import { userPart } from "./user_part.ts";
import { HOMES_DIRS } from "./login_names.ts";

/** Does the work of the part `sudo`. */
export async function runSudo(context: PartContext): Promise<PartOutcome> {
  const { instance, settings, required, log } = context;
  const { adminUsername: name } = instance;
  if (settings.adminSudo === "false") return nothing("admin-sudo is false");
  const isAsked = settings.adminSudo === "true" || required;
  const refuse = (why: string): PartOutcome => {
    if (isAsked) return { kind: "skipped", why };
    log.debug(why);
    return nothing(why);
  };
  if (name === undefined) return refuse("the metadata names no admin user");
  if (outcomeOf(userPart.name, context) === "skipped" && !required) {
    // Its warning says why.
    return nothing(`the part "${userPart.name}" did nothing`);
  }
  const machine = machineOf(context, HOMES_DIRS);
  if (await findAdmin(name, machine) === undefined) {
    return refuse(`There is no user "${name}" who could become root`);
  }
  const password = settings.adminSudo === "auto" && gotPassword(context);
  try {
    const { by, problem } = await giveAdminRights(name, { password }, machine);
    if (problem !== undefined) {
      return refuse(`Cannot let "${name}" become root: ${problem}`);
    }
    const how = password ? "with" : "without";
    return {
      kind: "done",
      what: `"${name}" may become root with ${by}, ${how} a password`,
    };
  } catch (error) {
    context.signal?.throwIfAborted();
    if (isAsked) throw error;
    const warning = messageOf(error);
    return { kind: "warned", warning, what: warning };
  }
}

function nothing(what: string): PartOutcome {
  return { kind: "done", what, logged: true };
}

/** Alone, the part does not know how others went. */
function outcomeOf(
  part: string,
  { phases }: Pick<PartContext, "phases">,
) {
  return phases.find(({ name }) => name === part)?.outcome;
}

function gotPassword(context: PartContext): boolean {
  return outcomeOf(passwordPart.name, context) === "done" ||
    isPasswordMarked(context);
}
