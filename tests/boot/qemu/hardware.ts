/** What a machine says of itself in its firmware's tables (SMBIOS). */
export interface Hardware {
  /** Whose kind of machine it is. */
  readonly system?: {
    readonly manufacturer: string;
    readonly product: string;
    readonly version: string;
  };
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
  const { system, chassisTag } = hardware;
  return [
    ...(system === undefined ? [] : [
      "-smbios",
      `type=1,manufacturer=${system.manufacturer},product=${system.product},version=${system.version}`,
    ]),
    ...(chassisTag === undefined
      ? []
      : ["-smbios", `type=3,asset=${chassisTag}`]),
  ];
}
