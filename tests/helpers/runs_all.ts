/** The variable that, set to `all`, also runs the slow variants of tests. */
export const VARIABLE = "AZURE_PROVISIONING_TESTS";

/** Whether the slow variants of tests run. */
export const RUNS_ALL: boolean = Deno.env.get(VARIABLE) === "all";
