/** What the platform knows about its one VM. */
export interface PlatformState {
  /** The number a health report has to carry to be accepted. */
  incarnation: number;
  containerId: string;
  instanceId: string;
  /** The computer name in osProfile; empty means that there is no osProfile. */
  readonly computerName: string;
  /** The resource's name, compute.name. */
  readonly vmName: string;
  readonly vmId: string;
  /** The user in osProfile; empty where nobody is to log in. */
  readonly adminUsername: string;
  /** The keyData of each of compute.publicKeys. */
  readonly publicKeys: readonly string[];
  readonly disablePasswordAuthentication: boolean;
  /** compute.userData, base64. */
  readonly userData: string;
  /** More members of compute in the metadata, or other values for them. */
  readonly compute?: Readonly<Record<string, unknown>>;
  /** More members of osProfile, where there is one. */
  readonly osProfile?: Readonly<Record<string, unknown>>;
}
