import { missingProgram } from "../../helpers/missing_program.ts";
import { BOOT_OBSTACLE } from "../_obstacle.ts";

/** Why no machine can be booted under QEMU here, or `undefined` if one can. */
export const QEMU_OBSTACLE: string | undefined = BOOT_OBSTACLE ?? obstacle();

function obstacle(): string | undefined {
  if (Deno.build.arch !== "x86_64") return "it needs an x86-64 machine";
  const missing = missingProgram(["debugfs", "mke2fs", "qemu-system-x86_64"]);
  return missing === undefined
    ? undefined
    : `it needs the program "${missing}" (on Debian: apt-get install --no-install-recommends qemu-system-x86 e2fsprogs)`;
}
