import type { PlatformState } from "./api.ts";

/** The first version of the metadata with osProfile in it. */
const FIRST_WITH_OS_PROFILE = "2020-07-15";

/** The instance metadata of one api-version, in the shape of IMDS. */
export function instanceMetadata(
  state: PlatformState,
  apiVersion: string,
): unknown {
  const osProfile =
    apiVersion >= FIRST_WITH_OS_PROFILE && state.computerName !== ""
      ? {
        osProfile: {
          adminUsername: state.adminUsername,
          computerName: state.computerName,
          disablePasswordAuthentication: String(
            state.disablePasswordAuthentication,
          ),
          ...state.osProfile,
        },
      }
      : {};
  const subscriptionId = "11111111-2222-3333-4444-555555555555";
  const resourceGroupName = "simulated-group";
  return {
    compute: {
      azEnvironment: "AzurePublicCloud",
      customData: "",
      location: "westeurope",
      name: state.vmName,
      offer: "",
      ...osProfile,
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
      resourceGroupName,
      resourceId:
        `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Compute/virtualMachines/${state.vmName}`,
      sku: "",
      subscriptionId,
      tags: "",
      tagsList: [],
      userData: state.userData,
      version: "",
      vmId: state.vmId,
      vmScaleSetName: "",
      vmSize: "Standard_B1s",
      zone: "",
      ...state.compute,
    },
    network: {
      interface: [{
        ipv4: {
          ipAddress: [{ privateIpAddress: "10.0.0.4", publicIpAddress: "" }],
          subnet: [{ address: "10.0.0.0", prefix: "24" }],
        },
        ipv6: { ipAddress: [] },
        macAddress: "000D3A123456",
      }],
    },
  };
}
