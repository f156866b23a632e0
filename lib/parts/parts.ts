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
    name: "telemetry",
    summary: "tells the host how it went, by Hyper-V's key-value pairs",
    default: true,
    needs: "`hv_kvp_daemon`, which makes `/var/lib/hyperv/.kvp_pool_1`",
    dispensable: true,
    wanted: () => true,
    absent: () =>
      Deno.lstat("/var/lib/hyperv/.kvp_pool_1").then(
        () => undefined,
        () => "no hv_kvp_daemon",
      ),
    load: () => import("../telemetry/telemetry_part.ts"),
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
