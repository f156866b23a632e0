/** What the platform knows about its one VM. Only the incarnation ever changes. */
export interface PlatformState {
  /** The number a health report has to carry to be accepted. */
  incarnation: number;
  readonly containerId: string;
  readonly instanceId: string;
  /** The computer name in osProfile; empty means that there is no osProfile. */
  readonly computerName: string;
  /** The resource's name, compute.name. */
  readonly vmName: string;
  readonly vmId: string;
}
