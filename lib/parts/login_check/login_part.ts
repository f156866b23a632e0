import type { Part } from "../part.ts";

/** The part `login`: looks whether the admin user can log in with what was set up. */
export const loginPart: Part = {
  name: "login",
  summary: "looks whether that user can log in with what was set up",
  default: true,
  needs: "nothing",
  programs: [],
  paths: [],
  optional: false,
  wanted: ({ adminUsername }) => adminUsername !== undefined,
  run: async (context) => (await import("../login_work.ts")).runLogin(context),
};
