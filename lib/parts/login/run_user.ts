import { ensureUser } from "./account/ensure_user.ts";
import { machineOf } from "./login_machine.ts";
import type { PartContext, PartOutcome } from "../part.ts";
import { HOMES_DIRS } from "./login_names.ts";

/** Does the work of the part `user`. */
export async function runUser(context: PartContext): Promise<PartOutcome> {
  const { instance, settings } = context;
  const name = instance.adminUsername;
  if (name === undefined) {
    return { kind: "skipped", why: "the metadata names no admin user" };
  }
  const machine = machineOf(context, HOMES_DIRS);
  const outcome = await ensureUser(name, settings, machine);
  if (outcome === "cannot") {
    return {
      kind: "skipped",
      why:
        `Cannot create the admin user "${name}": neither useradd nor busybox's adduser is installed; install one in the image`,
    };
  }
  if (outcome === "read-only") {
    return {
      kind: "skipped",
      why:
        `Cannot create the admin user "${name}": /etc is read-only; create the user in the image`,
    };
  }
  return {
    kind: "done",
    what: outcome === "created"
      ? `Created admin user "${name}"`
      : `Admin user "${name}" already exists`,
  };
}
