/** The program's name, as it is installed and as messages give it. */
export const PROGRAM_NAME = "azure-provisioning";

/** The program's version; `deno.json` holds the same. */
export const VERSION = "0.1.0";
