import { machinesFor } from "../../boot/qemu/_machines.ts";
import {
  INIT_RECIPES,
  LOGIN_RECIPE,
  type Recipe,
  SUDO_RS_RECIPE,
  SYSV_LOGIN_RECIPE,
} from "../../boot/_recipes.ts";
import { makeBootImage } from "./_play.ts";
import { makeQemuBootImage } from "./_play_qemu.ts";

/** A root that is booted. */
export interface BootRoot {
  /** How it is made. */
  readonly recipe: Recipe;
  /** Puts a variant into it, so that it can be booted. */
  readonly make: typeof makeBootImage;
  /** The variants that it is booted with, if not all. */
  readonly variants?: readonly string[];
  /** The most rounds, where a boot takes long. */
  readonly mostRounds?: number;
  /** What one has to know of its times. */
  readonly note?: string;
}

/** What shows how long the program takes. */
const FEW: readonly string[] = ["disabled", "ours"];

/** The roots that are booted, by the names that the command line has for them. */
export const BOOT_ROOTS: Readonly<Record<string, BootRoot>> = {
  "systemd-252": inContainer(LOGIN_RECIPE),
  "systemd-257": inContainer(SUDO_RS_RECIPE, [
    ...["disabled", "ours", "ours-media", "ours-user", "off-azure", "article"],
  ]),
  sysv: inContainer(SYSV_LOGIN_RECIPE, FEW),
  openrc: inContainer(named("openrc"), FEW),
  busybox: inContainer(named("busybox"), FEW),
  qemu: {
    recipe: machinesFor("first boot")[0]!.recipe,
    make: makeQemuBootImage,
    variants: FEW,
    mostRounds: 5,
    note:
      "In at most 5 rounds: a whole machine with systemd 252 and Debian's cloud kernel, whose every instruction is emulated. Ready is when the unit has ended, by the machine's own clock.",
  },
};

function inContainer(recipe: Recipe, variants?: readonly string[]): BootRoot {
  return { recipe, make: makeBootImage, ...variants && { variants } };
}

function named(name: string): Recipe {
  const found = INIT_RECIPES.find((it) => it.name === name);
  if (found === undefined) throw new Error(`There is no root "${name}"`);
  return found;
}
