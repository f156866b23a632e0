import {
  interfaces,
  NETWORKD,
  type Recipe,
  recipe,
  UDHCPC,
} from "../_recipes.ts";
import type { Word } from "./_serial_agent.ts";

/** What is tested on a machine. */
export type Purpose = "first boot" | "off Azure" | "sandbox" | "media";

/** A machine that QEMU boots, and what sets it apart. */
export interface QemuMachine {
  /** Its root: with udev, where the init has devices managed, and a DHCP client. */
  readonly recipe: Recipe;
  /** What is tested on it. */
  readonly purposes: readonly Purpose[];
  /** What the agent says once success is recorded, and the unit is done. */
  readonly provisioned: readonly Word[];
  /** What the agent says once a boot without the program is done. */
  readonly idle: readonly Word[];
}

const SYSTEMD = {
  provisioned: ["recorded", "done"],
  idle: ["started", "done"],
} as const;

/** Without systemd no unit is done. */
const OTHER_INIT = { provisioned: ["recorded"], idle: ["started"] } as const;

/** What busybox's init runs: it names the host, and asks for an address. */
function rcS(extra = "") {
  return {
    path: "/etc/init.d/rcS",
    text: `#!/bin/sh\nhostname -F /etc/hostname\n${extra}${UDHCPC}\n`,
    mode: 0o755,
  };
}

const MACHINES: readonly QemuMachine[] = [
  { // systemd 252
    ...SYSTEMD,
    recipe: {
      ...recipe("systemd-bookworm-udev", "systemd"),
      ...NETWORKD,
      packages: ["udev"],
    },
    purposes: ["first boot", "off Azure", "sandbox"],
  },
  { // systemd 257
    ...SYSTEMD,
    recipe: {
      ...recipe("systemd-trixie-udev", "systemd"),
      ...NETWORKD,
      suite: "trixie",
      packages: ["udev"],
    },
    purposes: ["first boot", "sandbox"],
  },
  {
    ...OTHER_INIT,
    recipe: {
      ...recipe("sysv-udev", "sysv"),
      packages: ["udev", "ifupdown"],
      files: [interfaces(`manual\n  up ${UDHCPC}`)],
    },
    purposes: ["first boot"],
  },
  {
    ...OTHER_INIT,
    recipe: { ...recipe("busybox-udhcpc", "busybox"), files: [rcS()] },
    // systemd has conditions of its own; the other inits share a script.
    purposes: ["first boot", "off Azure"],
  },
  // On these the kernel can load what optical drives need.
  {
    ...SYSTEMD,
    recipe: {
      ...recipe("systemd-bookworm-media", "systemd"),
      ...NETWORKD,
      packages: ["udev", "kmod", "passwd"],
    },
    purposes: ["media"],
  },
  {
    ...OTHER_INIT,
    recipe: {
      ...recipe("busybox-media", "busybox"),
      packages: ["kmod", "passwd"],
      files: [rcS("modprobe virtio_scsi\n")],
    },
    purposes: ["media"],
  },
];

/** The roots of all machines. */
export const QEMU_RECIPES: readonly Recipe[] = MACHINES.map((it) => it.recipe);

/** The machines on which something is tested. */
export function machinesFor(purpose: Purpose): QemuMachine[] {
  return MACHINES.filter(({ purposes }) => purposes.includes(purpose));
}
