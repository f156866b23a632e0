/** What a made-up `ovf-env.xml` holds. */
export interface OvfEnvValues {
  readonly HostName?: string;
  readonly UserName?: string;
  readonly UserPassword?: string;
  readonly DisableSshPasswordAuthentication?: string;
  /** The XML of SSH. */
  readonly SSH?: string;
  readonly CustomData?: string;
}

/**
 * Writes an `ovf-env.xml` of the shape that the platform's have.
 *
 * @param values What it holds.
 * @param settings The XML of more platform settings.
 * @returns Its text.
 */
export function ovfEnvXml(values: OvfEnvValues, settings = ""): string {
  const set = Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`).join("\n      ");
  return `<?xml version="1.0" encoding="utf-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:oe="http://schemas.dmtf.org/ovf/environment/1" xmlns:wa="http://schemas.microsoft.com/windowsazure" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <wa:ProvisioningSection>
    <wa:Version>1.0</wa:Version>
    <LinuxProvisioningConfigurationSet xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
      <ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>
      ${set}
    </LinuxProvisioningConfigurationSet>
  </wa:ProvisioningSection>
  <wa:PlatformSettingsSection>
    <wa:Version>1.0</wa:Version>
    <PlatformSettings xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
      <KmsServerHostname>kms.core.windows.net</KmsServerHostname>
      <ProvisionGuestAgent>true</ProvisionGuestAgent>
      <GuestAgentPackageName i:nil="true" />
      ${settings}
    </PlatformSettings>
  </wa:PlatformSettingsSection>
</Environment>
`;
}

/**
 * Writes the public keys of an `ovf-env.xml`.
 *
 * @param values The keys; one that is empty has a fingerprint only.
 * @returns The XML of SSH.
 */
export function sshXml(...values: readonly string[]): string {
  const keys = values.map((value) =>
    `<PublicKey><Fingerprint>EB0C0AB4B2D5FC35F2F0658D19F44C8283E2DD62</Fingerprint><Path>/home/ada/.ssh/authorized_keys</Path>${
      value === "" ? "" : `<Value>${value}</Value>`
    }</PublicKey>`
  ).join("");
  return `<PublicKeys>${keys}</PublicKeys><KeyPairs><KeyPair><Fingerprint>0</Fingerprint><Path>/etc/ssh/root</Path></KeyPair></KeyPairs>`;
}

/** A password that must not be found anywhere. */
export const PASSWORD = "Pa55word-of-nobody";

/** All that an `ovf-env.xml` may hold. */
export const FULL: OvfEnvValues = {
  HostName: "media-vm",
  UserName: "ada",
  UserPassword: PASSWORD,
  DisableSshPasswordAuthentication: "true",
  SSH: sshXml("ssh-ed25519 AAAA ada@home"),
  CustomData: btoa("#!/bin/sh\necho secret\n"),
};
