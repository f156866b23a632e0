/** The program's name, as installed and as shown in messages. */
export const PROGRAM_NAME = "azure-provisioning";

/** The program's version, the same as in `deno.json`. */
export const VERSION = "0.1.0";
