import type { PlatformState } from "./api.ts";
import { ACTIVITY_ID, CREATED_TICKS } from "./config_documents.ts";
import { statusBlobUrl } from "./status_blob.ts";

/**
 * The settings of a VM without extensions, as the host's plugin has them: they come from the
 * goal state ("Fabric"), so agents take that. The members are those of WALinuxAgent's fixtures.
 */
export function vmSettings(state: PlatformState): unknown {
  return {
    hostGAPluginVersion: "1.0.8.133",
    vmSettingsSchemaVersion: "0.0",
    activityId: ACTIVITY_ID,
    correlationId: ACTIVITY_ID,
    inSvdSeqNo: 1,
    extensionsLastModifiedTickCount: Number(CREATED_TICKS),
    extensionGoalStatesSource: "Fabric",
    statusUploadBlob: {
      statusBlobType: "BlockBlob",
      value: statusBlobUrl(state),
    },
    requiredFeatures: [],
    gaFamilies: [],
    extensionGoalStates: [],
  };
}

/** The ETag of the settings, which change with the incarnation. */
export function vmSettingsTag({ incarnation }: PlatformState): string {
  return String(10_000_000 + incarnation);
}
