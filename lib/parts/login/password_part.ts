import type { Part, PartContext } from "../part.ts";
import { PASSWORD_PATHS, PASSWORD_PROGRAMS } from "./login_needs.ts";

/**
 * The part `password`: gives the admin user the password from the provisioning media, and
 * turns passwords on in sshd unless the VM was created without.
 */
export const passwordPart: Part = {
  name: "password",
  summary: "gives that user the password from the provisioning media",
  default: true,
  needs: "`chpasswd`, and what `customdata` needs",
  programs: PASSWORD_PROGRAMS,
  paths: PASSWORD_PATHS,
  optional: false,
  wanted: (instance) =>
    instance.adminUsername !== undefined &&
    (instance.adminPassword !== undefined || needsPassword(instance)),
  run: async (context) =>
    (await import("../login_work.ts")).runPassword(context),
};

/** Whether the VM was made with a password and nothing else to log in with. */
export function needsPassword(
  { disablePasswordAuthentication, publicKeys }: PartContext["instance"],
): boolean {
  return disablePasswordAuthentication === false && publicKeys === undefined;
}
