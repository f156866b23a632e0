import type { PlatformState } from "./api.ts";

/** The first version of the metadata that has an osProfile. */
const FIRST_WITH_OS_PROFILE = "2020-07-15";

const SUBSCRIPTION_ID = "11111111-2222-3333-4444-555555555555";
const RESOURCE_GROUP = "simulated-group";

const NETWORK = {
  interface: [{
    ipv4: {
      ipAddress: [{ privateIpAddress: "10.0.0.4", publicIpAddress: "" }],
      subnet: [{ address: "10.0.0.0", prefix: "24" }],
    },
    ipv6: { ipAddress: [] },
    macAddress: "000D3A123456",
  }],
};

/**
 * The instance metadata of an api-version, in the shape of IMDS.
 *
 * @param isExtended Whether the request has `extended=true`.
 */
export function instanceMetadata(
  state: PlatformState,
  apiVersion: string,
  isExtended = false,
): unknown {
  const compute = {
    azEnvironment: "AzurePublicCloud",
    customData: "",
    location: "westeurope",
    name: state.vmName,
    offer: "",
    osProfile: osProfile(state, apiVersion),
    osType: "Linux",
    placementGroupId: "",
    plan: { name: "", product: "", publisher: "" },
    platformFaultDomain: "0",
    platformUpdateDomain: "0",
    provider: "Microsoft.Compute",
    publicKeys: state.publicKeys.map((keyData) => ({
      keyData,
      path: `/home/${state.adminUsername}/.ssh/authorized_keys`,
    })),
    publisher: "",
    resourceGroupName: RESOURCE_GROUP,
    resourceId:
      `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Compute/virtualMachines/${state.vmName}`,
    sku: "",
    subscriptionId: SUBSCRIPTION_ID,
    tags: "",
    tagsList: [],
    userData: state.userData,
    version: "",
    vmId: state.vmId,
    vmScaleSetName: "",
    vmSize: "Standard_B1s",
    zone: "",
    ...state.compute,
  };
  const { hasCustomData } = state;
  const extended = { compute: { hasCustomData, ppsType: "None" } };
  return { compute, network: NETWORK, ...(isExtended ? { extended } : {}) };
}

/** A specialised image has none; neither have old versions. JSON then leaves it out. */
function osProfile(state: PlatformState, apiVersion: string): unknown {
  if (apiVersion < FIRST_WITH_OS_PROFILE || state.computerName === "") {
    return undefined;
  }
  const { disablePasswordAuthentication } = state;
  return {
    adminUsername: state.adminUsername,
    computerName: state.computerName,
    disablePasswordAuthentication: String(disablePasswordAuthentication),
    ...state.osProfile,
  };
}
