import type { PlatformState } from "./api.ts";

/** A value, or how it follows from the VM; undefined leaves the field out. */
type Value = string | ((state: PlatformState) => unknown);

const SUBSCRIPTION_ID = "11111111-2222-3333-4444-555555555555";
const RESOURCE_GROUP = "simulated-group";

/**
 * The fields of compute by their paths: the api-version that introduced each, and its value.
 *
 * The versions are those of "Azure Instance Metadata Service" in Microsoft's documentation, the
 * fields that it does not list by themselves those of its samples and of azure-init's testing
 * server. As documented, every value is text, and empty if it does not apply.
 */
export const COMPUTE: Readonly<Record<string, readonly [string, Value]>> = {
  "additionalCapabilities.hibernationEnabled": ["2021-11-01", "false"],
  azEnvironment: ["2018-10-01", "AzurePublicCloud"],
  customData: ["2019-02-01", ""],
  evictionPolicy: ["2020-12-01", ""],
  "extendedLocation.name": ["2021-03-01", ""],
  "extendedLocation.type": ["2021-03-01", ""],
  "host.id": ["2021-11-15", ""],
  "hostGroup.id": ["2021-11-15", ""],
  isHostCompatibilityLayerVm: ["2020-06-01", "false"],
  licenseType: ["2020-09-01", ""],
  location: ["2017-04-02", "westeurope"],
  name: ["2017-04-02", ({ vmName }) => vmName],
  offer: ["2017-04-02", ""],
  "osProfile.adminUsername": ["2020-07-15", ofOsProfile("adminUsername")],
  "osProfile.computerName": ["2020-07-15", ofOsProfile("computerName")],
  "osProfile.disablePasswordAuthentication": [
    "2020-10-01",
    ofOsProfile("disablePasswordAuthentication"),
  ],
  osType: ["2017-04-02", "Linux"],
  physicalZone: ["2023-11-15", ""],
  placementGroupId: ["2017-08-01", ""],
  "plan.name": ["2018-04-02", ""],
  "plan.product": ["2018-04-02", ""],
  "plan.publisher": ["2018-04-02", ""],
  platformFaultDomain: ["2017-04-02", "0"],
  platformSubFaultDomain: ["2021-10-01", ""],
  platformUpdateDomain: ["2017-04-02", "0"],
  priority: ["2020-12-01", ""],
  provider: ["2018-10-01", "Microsoft.Compute"],
  publicKeys: ["2018-04-02", publicKeys],
  publisher: ["2017-04-02", ""],
  resourceGroupName: ["2017-08-01", RESOURCE_GROUP],
  resourceId: ["2019-03-11", ({ vmName }) => idOf(`virtualMachines/${vmName}`)],
  "securityProfile.encryptionAtHost": ["2021-11-01", "false"],
  "securityProfile.secureBootEnabled": ["2020-06-01", "false"],
  "securityProfile.securityType": ["2021-12-13", ""],
  "securityProfile.virtualTpmEnabled": ["2020-06-01", "false"],
  sku: ["2017-04-02", ""],
  "storageProfile.dataDisks": ["2019-06-01", () => []],
  "storageProfile.imageReference.communityGalleryImageId": ["2023-07-01", ""],
  "storageProfile.imageReference.exactVersion": ["2023-07-01", ""],
  "storageProfile.imageReference.id": ["2019-06-01", ""],
  "storageProfile.imageReference.offer": ["2019-06-01", ""],
  "storageProfile.imageReference.publisher": ["2019-06-01", ""],
  "storageProfile.imageReference.sharedGalleryImageId": ["2023-07-01", ""],
  "storageProfile.imageReference.sku": ["2019-06-01", ""],
  "storageProfile.imageReference.version": ["2019-06-01", ""],
  "storageProfile.osDisk.caching": ["2019-06-01", "ReadWrite"],
  "storageProfile.osDisk.createOption": ["2019-06-01", "FromImage"],
  "storageProfile.osDisk.diffDiskSettings.option": ["2019-06-01", ""],
  "storageProfile.osDisk.diskSizeGB": ["2019-06-01", "30"],
  "storageProfile.osDisk.encryptionSettings.diskEncryptionKey.secretUrl": [
    "2021-11-01",
    "",
  ],
  "storageProfile.osDisk.encryptionSettings.diskEncryptionKey.sourceVault.id": [
    "2021-11-01",
    "",
  ],
  "storageProfile.osDisk.encryptionSettings.enabled": ["2019-06-01", "false"],
  "storageProfile.osDisk.encryptionSettings.keyEncryptionKey.keyUrl": [
    "2021-11-01",
    "",
  ],
  "storageProfile.osDisk.encryptionSettings.keyEncryptionKey.sourceVault.id": [
    "2021-11-01",
    "",
  ],
  "storageProfile.osDisk.image.uri": ["2019-06-01", ""],
  "storageProfile.osDisk.managedDisk.id": [
    "2019-06-01",
    ({ vmName }) => idOf(`disks/${vmName}_OsDisk_1`),
  ],
  "storageProfile.osDisk.managedDisk.storageAccountType": [
    "2019-06-01",
    "Premium_LRS",
  ],
  "storageProfile.osDisk.name": [
    "2019-06-01",
    ({ vmName }) => `${vmName}_OsDisk_1`,
  ],
  "storageProfile.osDisk.osType": ["2019-06-01", "Linux"],
  "storageProfile.osDisk.vhd.uri": ["2019-06-01", ""],
  "storageProfile.osDisk.writeAcceleratorEnabled": ["2019-06-01", "false"],
  "storageProfile.resourceDisk.size": ["2021-02-01", "0"],
  subscriptionId: ["2017-08-01", SUBSCRIPTION_ID],
  tags: ["2017-08-01", ({ tags }) => formatTags(tags)],
  tagsList: ["2019-06-04", ({ tags }) => listTags(tags)],
  userData: ["2021-01-01", ({ userData }) => userData],
  version: ["2017-04-02", ""],
  "virtualMachineScaleSet.id": ["2021-03-01", ""],
  vmId: ["2017-04-02", ({ vmId }) => vmId],
  vmScaleSetName: ["2017-12-01", ""],
  vmSize: ["2017-04-02", "Standard_B1s"],
  zone: ["2017-12-01", ""],
};

/** A specialised image has no osProfile. */
function ofOsProfile(
  key: "adminUsername" | "computerName" | "disablePasswordAuthentication",
): Value {
  return (state) => state.computerName === "" ? undefined : String(state[key]);
}

function publicKeys({ publicKeys, adminUsername }: PlatformState): unknown {
  return publicKeys.map((keyData) => ({
    keyData,
    path: `/home/${adminUsername}/.ssh/authorized_keys`,
  }));
}

function idOf(resource: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Compute/${resource}`;
}

function formatTags(tags: PlatformState["tags"]): string {
  return Object.entries(tags).map((tag) => tag.join(":")).join(";");
}

function listTags(tags: PlatformState["tags"]): unknown {
  return Object.entries(tags).map(([name, value]) => ({ name, value }));
}
