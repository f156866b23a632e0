import type { RecordingLog } from "../../../helpers/recording_log.ts";

/** How hostnamectl is run. */
export const HOSTNAMECTL = "hostnamectl --no-ask-password set-hostname vm";

/** How hostname is run. */
export const HOSTNAME = "hostname vm";

/** The line that `/etc/hosts` gets. */
export const LINE = "127.0.1.1\tvm\t# Added by azure-provisioning\n";

/** How the two files are labelled, where the program for that is installed. */
export function labels({ etcDir }: { readonly etcDir: string }): string {
  return `restorecon ${etcDir}/hostname ${etcDir}/hosts`;
}

/** The warnings in a log. */
export function warningsIn({ lines }: RecordingLog): string[] {
  return lines.filter((line) => line.startsWith("warn: "));
}
