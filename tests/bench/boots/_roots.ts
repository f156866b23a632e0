import {
  INIT_RECIPES,
  LOGIN_RECIPE,
  type Recipe,
  SUDO_RS_RECIPE,
  SYSV_LOGIN_RECIPE,
} from "../../boot/_recipes.ts";

/** The roots that are booted, by the names that the command line has for them. */
export const BOOT_ROOTS: Readonly<Record<string, Recipe>> = {
  "systemd-252": LOGIN_RECIPE,
  "systemd-257": SUDO_RS_RECIPE,
  sysv: SYSV_LOGIN_RECIPE,
  openrc: named("openrc"),
  busybox: named("busybox"),
};

/** The same root with more packages in it. */
export function withPackages(
  recipe: Recipe,
  packages: readonly string[],
): Recipe {
  return packages.length === 0 ? recipe : {
    ...recipe,
    name: `${recipe.name}-${packages.join("-")}`,
    packages: [...recipe.packages, ...packages],
  };
}

function named(name: string): Recipe {
  const found = INIT_RECIPES.find((it) => it.name === name);
  if (found === undefined) throw new Error(`There is no root "${name}"`);
  return found;
}
