import { USER_PATHS, USER_PROGRAMS } from "./login_needs.ts";
import type { Part } from "../part.ts";

/** The part `user`: creates the admin user that the metadata names, or adopts it. */
export const userPart: Part = {
  name: "user",
  summary: "creates the admin user that the metadata names, or adopts it",
  default: true,
  needs:
    "`useradd`, or busybox's `adduser`; homes below `/home`, or what stands for it",
  programs: USER_PROGRAMS,
  paths: USER_PATHS,
  optional: false,
  wanted: ({ adminUsername }) => adminUsername !== undefined,
  run: async (context) => (await import("../login_work.ts")).runUser(context),
};
