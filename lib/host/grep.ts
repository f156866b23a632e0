/** The program that reads what Deno reads only with all permissions: `/proc` and `/sys`. */
export const GREP = "grep";
