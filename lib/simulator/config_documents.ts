import type { PlatformState } from "./api.ts";
import { deploymentOf } from "./deployment.ts";
import { statusBlobUrl } from "./status_blob.ts";
import { escapeAttribute, escapeText } from "./xml_text.ts";

/** The ids of what the VM has only one of, in the form of the documents. */
const NO_GUID = "{00000000-0000-0000-0000-000000000000}";
const DEPLOYMENT_GUID = "{5c5f79fd-0000-4000-8000-000000000001}";
const INCARNATION_GUID = "{5c5f79fd-0000-4000-8000-000000000002}";
const ROLE_GUID = "{5c5f79fd-0000-4000-8000-000000000003}";

/** When the VM was created, in the platform's ticks of 100 ns since the year 1. */
export const CREATED_TICKS = "638000000000000000";

/** The id of the operation that created the VM. */
export const ACTIVITY_ID = "5c5f79fd-0000-4000-8000-000000000004";

const DECLARATION = `<?xml version="1.0" encoding="utf-8"?>\n`;

/**
 * What the VM is part of. WALinuxAgent reads the instance, the deployment and the role; the
 * elements are those of its fixture, of a VM without certificates and resources.
 */
export function hostingEnvironmentXml(state: PlatformState): string {
  return `${DECLARATION}<HostingEnvironmentConfig ${versionOf(state)}>
  <StoredCertificates />
${deploymentXml(state)}
  <HostingEnvironmentSettings name="full" runtime="">
    <CAS mode="full" />
    <PrivilegeLevel mode="max" />
    <AdditionalProperties><CgiHandlers></CgiHandlers></AdditionalProperties>
  </HostingEnvironmentSettings>
  <ApplicationSettings />
  <ResourceReferences />
</HostingEnvironmentConfig>
`;
}

/** The instances of the deployment, which is this VM. The shape is that of afterburn's fixture. */
export function sharedConfigXml(state: PlatformState): string {
  const role = escapeAttribute(deploymentOf(state).role);
  const address = state.cards[0]?.ipv4[0]?.address ?? "";
  return `${DECLARATION}<SharedConfig ${versionOf(state)}>
${deploymentXml(state)}
  <OutputEndpoints />
  <Instances>
    <Instance id="${role}" address="${escapeAttribute(address)}">
      <FaultDomains randomId="0" updateId="0" updateCount="0" />
      <InputEndpoints />
    </Instance>
  </Instances>
</SharedConfig>
`;
}

/**
 * The extensions of a VM that has none, and where its agent uploads its status. The shape is
 * that of WALinuxAgent's fixtures without extensions.
 */
export function extensionsXml(state: PlatformState): string {
  return `${DECLARATION}<Extensions ${versionOf(state)}>
  <GuestAgentExtension xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
    <GAFamilies />
  </GuestAgentExtension>
  <Plugins />
  <PluginSettings />
  <StatusUploadBlob statusBlobType="BlockBlob">${
    escapeText(statusBlobUrl(state))
  }</StatusUploadBlob>
  <InVMGoalStateMetaData inSvdSeqNo="1" createdOnTicks="${CREATED_TICKS}" activityId="${ACTIVITY_ID}" correlationId="${ACTIVITY_ID}" />
</Extensions>
`;
}

/** Nobody has published one, and no agent is known to ask for it: only its root. */
export function fullConfigXml(state: PlatformState): string {
  return `${DECLARATION}<FullConfig ${versionOf(state)} />\n`;
}

/**
 * The certificates of a VM that has none: no Data, which WALinuxAgent's source names as that
 * answer.
 */
export function certificatesXml(state: PlatformState): string {
  return `${DECLARATION}<CertificateFile xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="certificates10.xsd">
  <Version>2012-11-30</Version>
  <Incarnation>${state.incarnation}</Incarnation>
  <Format>Pkcs7BlobWithPfxContents</Format>
</CertificateFile>
`;
}

function versionOf({ incarnation }: PlatformState): string {
  return `version="1.0.0.0" goalStateIncarnation="${incarnation}"`;
}

/** The elements that two documents share. */
function deploymentXml(state: PlatformState): string {
  const name = escapeAttribute(deploymentOf(state).name);
  const role = escapeAttribute(deploymentOf(state).role);
  return `  <Deployment name="${name}" guid="${DEPLOYMENT_GUID}" incarnation="0" isNonCancellableTopologyChangeEnabled="false">
    <Service name="${role}Service" guid="${NO_GUID}" />
    <ServiceInstance name="${name}.0" guid="${DEPLOYMENT_GUID}" />
  </Deployment>
  <Incarnation number="${state.incarnation}" instance="${role}" guid="${INCARNATION_GUID}" />
  <Role guid="${ROLE_GUID}" name="${role}" hostingEnvironmentVersion="1" software="" softwareType="ApplicationPackage" entryPoint="" parameters="" settleTimeSeconds="0" />`;
}
