import { LOGIN_RECIPE } from "../_recipes.ts";
import { loginTest } from "./_login_case.ts";
import type { LoginMachine } from "./_login_machine.ts";
import { TRIXIE_LOGIN_RECIPE } from "./_login_recipes.ts";

/**
 * Registers a test for each OpenSSH that the rules for logins are held against.
 *
 * @param name What holds.
 */
export function openSshTest(
  name: string,
  test: (machine: LoginMachine) => Promise<void>,
): void {
  for (const recipe of [LOGIN_RECIPE, TRIXIE_LOGIN_RECIPE]) {
    loginTest(`OpenSSH of ${recipe.suite}: ${name}`, "shadow", test, recipe);
  }
}
