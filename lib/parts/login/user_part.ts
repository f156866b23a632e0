import { ensureUser } from "./account/ensure_user.ts";
import { HOMES_DIRS } from "./home/homes.ts";
import { machineOf } from "./login_machine.ts";
import { USER_PATHS, USER_PROGRAMS } from "./login_needs.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";

/** The part `user`: creates the admin user that the metadata names, or adopts it. */
export const userPart: Part = {
  name: "user",
  summary: "creates the admin user that the metadata names, or adopts it",
  default: true,
  needs:
    "`useradd`, or busybox's `adduser`; homes below `/home`, or what stands for it",
  programs: USER_PROGRAMS,
  paths: USER_PATHS,
  optional: false,
  wanted: ({ adminUsername }) => adminUsername !== undefined,
  run,
};

async function run(context: PartContext): Promise<PartOutcome> {
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
