import { giveAdminRights } from "./admin_rights.ts";
import { ensureUser } from "./ensure_user.ts";
import { type LoginMachine, machineOf } from "./login_machine.ts";
import { USER_PATHS, USER_PROGRAMS } from "./login_needs.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The part `user`: creates the admin user that the metadata names, or adopts it. */
export const userPart: Part = {
  name: "user",
  summary: "creates the admin user that the metadata names, or adopts it",
  default: true,
  needs: "`useradd`, or busybox's `adduser`; homes below `/home`",
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
  const machine = machineOf(context);
  const outcome = await ensureUser(name, settings, machine);
  if (outcome === "cannot") {
    return {
      kind: "skipped",
      why:
        `Cannot create the admin user "${name}": neither useradd nor busybox's adduser is installed; install one in the image`,
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

/** If the image has neither program, that is a failure only if the part is required. */
async function giveRights(
  name: string,
  { required, log }: PartContext,
  machine: LoginMachine,
): Promise<string> {
  const by = await giveAdminRights(name, machine);
  if (by !== undefined) return `may become root with ${by}`;
  const message =
    `Cannot let "${name}" become root: neither sudo nor doas is installed; install one in the image`;
  if (required) {
    throw new ProvisioningError(message, {
      key: "admin_rights_not_given",
      exitCode: ExitCode.configuration,
    });
  }
  log.warn(message);
  return "cannot become root";
}
