/** What a machine says of itself in its firmware's tables (SMBIOS). */
export interface Hardware {
  /** Whose kind of machine it is. */
  readonly system?: {
    readonly manufacturer: string;
    readonly product: string;
    readonly version: string;
  };
  /** Its UUID; QEMU's is all zeros by default. */
  readonly uuid?: string;
  /** The tag on its chassis. */
  readonly chassisTag?: string;
}

/** What Hyper-V says. */
const HYPER_V = {
  manufacturer: "Microsoft Corporation",
  product: "Virtual Machine",
  version: "Hyper-V UEFI Release v4.1",
};

/** A VM of Azure's. */
export const AZURE: Hardware = {
  system: HYPER_V,
  uuid: "4c4c4544-0042-3510-8052-b4c04f4d3232",
  chassisTag: "7783-7084-3265-9085-8269-3286-77",
};

/** A VM on somebody's own Hyper-V: the tag is one that Hyper-V makes up. */
export const HYPER_V_ELSEWHERE: Hardware = {
  system: HYPER_V,
  chassisTag: "3127-5914-0423-8816-2941-5150-64",
};

/** A VM that has nothing to do with Hyper-V, and no tag. */
export const ANOTHER_CLOUD: Hardware = {};

/**
 * The options that make QEMU show it.
 *
 * @param hardware What the machine says of itself.
 * @returns The options.
 */
export function smbiosOptions(hardware: Hardware): string[] {
  const { system, uuid, chassisTag } = hardware;
  return [
    ...(uuid === undefined ? [] : ["-uuid", uuid]),
    ...(system === undefined ? [] : [
      "-smbios",
      `type=1,manufacturer=${system.manufacturer},product=${system.product},version=${system.version}`,
    ]),
    ...(chassisTag === undefined
      ? []
      : ["-smbios", `type=3,asset=${chassisTag}`]),
  ];
}
