import { giveAdminRights } from "./admin_rights.ts";
import { ensureUser } from "./ensure_user.ts";
import { HOMES_DIRS } from "./homes.ts";
import { type LoginMachine, machineOf } from "./login_machine.ts";
import { USER_PATHS, USER_PROGRAMS } from "./login_needs.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

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
  const done = outcome === "created"
    ? `Created admin user "${name}"`
    : `Admin user "${name}" already exists`;
  return {
    kind: "done",
    what: settings.adminSudo
      ? `${done}; ${await giveRights(name, context, machine)}`
      : done,
  };
}

/** If the image cannot give them, that is a failure only if the part is required. */
async function giveRights(
  name: string,
  { required, log }: PartContext,
  machine: LoginMachine,
): Promise<string> {
  const { by, problem } = await giveAdminRights(name, machine);
  if (problem === undefined) return `may become root with ${by}`;
  const message = `Cannot let "${name}" become root: ${problem}`;
  if (required) {
    throw new ProvisioningError(message, {
      key: "admin_rights_not_given",
      exitCode: ExitCode.configuration,
    });
  }
  log.warn(message);
  return "cannot become root";
}
