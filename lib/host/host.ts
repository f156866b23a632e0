import { runProgram } from "./run_program.ts";
import type { Host } from "../parts/hostname/set_host_name.ts";

/** The machine that the program runs on; needs `--allow-sys=hostname`. */
export const systemHost: Host = {
  etcDir: "/etc",
  run: runProgram,
  currentName: () => Deno.hostname(),
};
