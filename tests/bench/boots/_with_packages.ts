import type { Recipe } from "../../boot/_recipes.ts";

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
