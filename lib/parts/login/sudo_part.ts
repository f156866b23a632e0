import type { Part } from "../part.ts";
import { SUDO_PATHS, SUDO_PROGRAMS } from "./login_needs.ts";

/** The part `sudo`: lets the admin user become root. */
export const sudoPart: Part = {
  name: "sudo",
  summary: "lets that user become root",
  default: true,
  needs: "`sudo` or `doas`",
  programs: SUDO_PROGRAMS,
  paths: SUDO_PATHS,
  optional: false,
  wanted: ({ adminUsername }) => adminUsername !== undefined,
  run: async (context) => (await import("../login_work.ts")).runSudo(context),
};
