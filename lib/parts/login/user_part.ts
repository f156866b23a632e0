import { giveAdminRights, SUDOERS_NAME } from "./admin_rights.ts";
import { ensureUser } from "./ensure_user.ts";
import { HOMES_DIR, type LoginMachine, machineOf } from "./login_machine.ts";
import { ACCOUNT_LEFTOVERS } from "./run_account_program.ts";
import { atomicPaths } from "../../files/write_atomically.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";

/** The part `user`: creates the admin user that the metadata names, or adopts it. */
export const userPart: Part = {
  name: "user",
  summary: "makes the admin user that the metadata name, or adopts it",
  default: true,
  needs: "`useradd`, or busybox's `adduser`; homes below `/home`",
  programs: [
    "useradd",
    "usermod",
    "adduser",
    "addgroup",
    "chpasswd",
    "visudo",
  ],
  paths: [
    HOMES_DIR,
    ...ACCOUNT_LEFTOVERS.map((name) => `/etc/${name}`),
    ...[`/etc/sudoers.d/${SUDOERS_NAME}`, "/etc/doas.conf"]
      .flatMap(atomicPaths),
  ],
  optional: false,
  wanted: ({ adminUsername }) => adminUsername !== undefined,
  run,
};

async function run(context: PartContext): Promise<PartOutcome> {
  const { instance, settings } = context;
  const name = instance.adminUsername;
  if (name === undefined) {
    return { kind: "skipped", why: "the metadata name no admin user" };
  }
  const machine = machineOf(context);
  const outcome = await ensureUser(name, settings, machine);
  if (outcome === "cannot") {
    return {
      kind: "skipped",
      why:
        `Cannot make the admin user "${name}": neither useradd nor busybox's adduser is installed; install one in the image`,
    };
  }
  const done = outcome === "made"
    ? `Admin user "${name}" made`
    : `Admin user "${name}" was there already`;
  return {
    kind: "done",
    what: settings.adminSudo
      ? `${done}; ${await giveRights(name, context, machine)}`
      : done,
  };
}

/** What the image lacks for this is a failure only where somebody asked for the part by name. */
async function giveRights(
  name: string,
  { stateDir, required, log }: PartContext,
  machine: LoginMachine,
): Promise<string> {
  const by = await giveAdminRights(name, stateDir, machine);
  if (by !== undefined) return `becomes root by ${by}`;
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
