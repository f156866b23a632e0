import { type DhcpClient, EXCHANGE_MS } from "../client.ts";
import { devicesWithPidFile } from "../pid_files.ts";

/** The device that udhcpc uses unless it is told another. */
const DEFAULT_DEVICE = "eth0";

/**
 * busybox's client. It hands its lease to a script and keeps none.
 *
 * It cannot be notified. A second one tells the server the name and exits; its script
 * does nothing, so no device changes.
 */
export const udhcpc: DhcpClient = {
  name: "udhcpc",
  programs: ["udhcpc"],
  outsideSandbox: true,
  leaseFiles: [],
  findRunning: (files) =>
    devicesWithPidFile("udhcpc", files).map((device = DEFAULT_DEVICE) => ({
      device,
      planNotify: (hostName) => ({
        kind: "plan",
        notify: {
          program: "udhcpc",
          args: [
            ...["-f", "-n", "-q", "-t", "3", "-T", "1"],
            ...["-x", `hostname:${hostName}`, "-s", "/bin/true", "-i", device],
          ],
          timeoutMs: EXCHANGE_MS,
        },
      }),
    })),
};
