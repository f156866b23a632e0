import { type OvfEnvValues, ovfEnvXml } from "../../media/_ovf_env.ts";
import type { ImageFile } from "../_inits.ts";

/** Where the provisioning media's file is from, and may stay. */
export const MEDIA_SOURCE = "/usr/local/lib/media-stand-in/ovf-env.xml";

/**
 * Files that take the place of the script that mounts a drive, which a container does not
 * have.
 *
 * @param values What the provisioning media say.
 */
export function mediaStandIn(values: OvfEnvValues): ImageFile[] {
  return [{ path: MEDIA_SOURCE, text: ovfEnvXml(values), mode: 0o600 }, {
    path: "/usr/local/lib/azure-provisioning/media",
    text: `#!/bin/sh
umask 077
mkdir -p /run/azure-provisioning
cp ${MEDIA_SOURCE} /run/azure-provisioning/ovf-env.xml
`,
    mode: 0o755,
  }];
}
