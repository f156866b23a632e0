import type { Part, PartInfo } from "./part.ts";

/** The first part; `provision` itself does it, and takes its name from here. */
export const HOST_NAME_PART: PartInfo = {
  name: "hostname",
  summary: "sets the host name that the metadata ask for",
  default: true,
  needs: "`hostnamectl` or `hostname`; else it takes effect at the next boot",
};

/** The other parts, in the order in which they run: a new one is a file, and an entry here. */
export const PARTS: readonly Part[] = [
  {
    name: "userdata",
    summary: "writes the user data to a file for root, and never runs them",
    default: true,
    needs: "nothing",
    dispensable: false,
    wanted: ({ userData }) => userData !== undefined,
    load: () => import("../user_data/user_data_part.ts"),
  },
];

/**
 * The names of all parts, the host name's included.
 *
 * @returns The names, in the order in which the parts run.
 */
export function partNames(): string[] {
  return [HOST_NAME_PART, ...PARTS].map(({ name }) => name);
}
