/**
 * The work of the parts about the admin user. Their rows in `PARTS` import it once there is
 * something to do, so that a VM without such a user never compiles it.
 *
 * @module
 */

export { unlockLeftHome } from "./login/home/home_lock.ts";
export { runPassword } from "./login/run_password.ts";
export { runSshKeys } from "./login/run_ssh_keys.ts";
export { runSudo } from "./login/run_sudo.ts";
export { runUser } from "./login/run_user.ts";
export { runLogin } from "./login_check/run_login.ts";
