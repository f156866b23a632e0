import {
  inNamespace,
  makeNetwork,
  type Network,
} from "../../helpers/network.ts";
import { uniqueName } from "../../helpers/unique_name.ts";
import {
  type Background,
  startInBackground,
} from "../../helpers/background.ts";
import { cleanUpMachineIfKilled } from "../../helpers/machine_janitor.ts";
import {
  type BootPlatform,
  type PlatformOptions,
  startBootPlatform,
} from "../../helpers/boot_platform.ts";
import { temporaryFolder } from "../_temporary_folder.ts";
import { waitUntil } from "../../helpers/wait_until.ts";
import type { Disk } from "./_disk.ts";
import { type Hardware, smbiosOptions } from "./_hardware.ts";
import { type Kernel, stockKernel } from "./_kernel.ts";
import type { Word } from "./_serial_agent.ts";
import { connectToAgent } from "./_serial_line.ts";

/** How long a machine's own shutdown may take. */
const SHUTDOWN_MS = 120_000;

/** What is around a machine while it runs. */
export interface QemuOptions {
  /** What the machine is, by its firmware. */
  readonly hardware: Hardware;
  /** The platform. */
  readonly platform: PlatformOptions;
  /** What the machine's cable leads to; by default the platform, with a DHCP server. */
  readonly cable?: "platform" | "nothing";
  /** The machine's network cards in place of the one of the cable, and what they lead to. */
  readonly cards?: (network: Network) => Promise<QemuCards>;
  /** Whether what the machine writes to the disk is lost, so that the disk stays as it was. */
  readonly discardChanges?: true;
  /** More words of the kernel's command line. */
  readonly words?: readonly string[];
  /** The image of a CD-ROM in the machine's optical drive; without it, there is no drive. */
  readonly medium?: string;
  /** The image of a second disk, with the number 1 at a SCSI controller; without it, there is neither. */
  readonly secondDisk?: string;
}

/** Network cards of a machine. */
export interface QemuCards extends AsyncDisposable {
  /** QEMU's options for them. */
  readonly options: readonly string[];
}

/** A machine that runs under QEMU. */
export interface QemuBoot extends AsyncDisposable {
  /** Its network. */
  readonly network: Network;
  /** Its platform. */
  readonly platform: BootPlatform;
  /** What the machine's agent has said after a word, or `undefined` if it has not said the word. */
  heard(word: Word): string | undefined;
  /** Whether the machine's agent has said all of the words. */
  heardAll(words: readonly Word[]): boolean;
  /** What the machine has written to its console. */
  console(): string;
  /** Waits, with a deadline, and fails at once if the machine ends meanwhile. */
  until(what: string, holds: () => boolean, timeoutMs: number): Promise<void>;
  /** Lets the machine end in its own way, and gives the host name that it ran with. */
  powerOff(): Promise<string>;
}

/**
 * Boots a disk under QEMU, with a stock kernel.
 *
 * @param options What is around the machine.
 * @returns The running machine; disposing of it kills it, and takes everything away but its disk.
 */
export async function bootDisk(
  disk: Disk,
  options: QemuOptions,
): Promise<QemuBoot> {
  const kernel = await stockKernel();
  const name = uniqueName();
  await using started = new AsyncDisposableStack();
  started.use(cleanUpMachineIfKilled(name));
  const network = started.use(
    await makeNetwork(name, options.cards === undefined ? "static" : "dhcp"),
  );
  const cards = await options.cards?.(network);
  if (cards !== undefined) started.use(cards);
  const platform = started.use(
    await startBootPlatform(network, options.platform),
  );
  const folder = started.use(await temporaryFolder()).path;
  const machine = started.use(
    startQemu(
      network.machine,
      kernel,
      disk,
      folder,
      options,
      cards?.options ?? cardOf(options),
    ),
  );
  const agent = started.use(
    await connectToAgent(`${folder}/agent`, () => failIfEnded(machine)),
  );
  const resources = started.move();
  return {
    network,
    platform,
    heard: agent.heard,
    heardAll: (words) => words.every((word) => agent.heard(word) !== undefined),
    console: () =>
      readIfThere(`${folder}/console`) + machine.output.stdout +
      machine.output.stderr,
    until: (what, holds, timeoutMs) =>
      waitUntil(what, () => {
        if (holds()) return true;
        failIfEnded(machine);
        return false;
      }, timeoutMs),
    async powerOff() {
      await agent.askForEnd();
      await waitUntil(
        "the machine ends by itself",
        () => machine.ended,
        SHUTDOWN_MS,
      );
      return agent.heard("hostname") ?? "";
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/**
 * QEMU runs in the machine's namespace, so that what its user networking passes on
 * reaches the platform, and nothing else.
 */
function startQemu(
  namespace: string,
  { image, initrd }: Kernel,
  disk: Disk,
  folder: string,
  { hardware, medium, secondDisk, discardChanges, words = [] }: QemuOptions,
  cards: readonly string[],
): Background {
  return startInBackground(inNamespace(namespace, [
    "qemu-system-x86_64",
    "-nodefaults",
    "-no-user-config",
    "-display",
    "none",
    "-no-reboot",
    "-accel",
    "tcg,thread=multi,tb-size=512",
    "-smp",
    "2",
    "-m",
    "1G",
    // systemd knows Hyper-V by the processor, then by the firmware: the processor shows no hypervisor.
    "-cpu",
    "max,-hypervisor",
    ...smbiosOptions(hardware),
    "-kernel",
    image,
    "-initrd",
    initrd,
    // Azure's interfaces have the kernel's names. A machine that has crashed ends at once, and one that is emulated too slowly for
    // its timer does not crash.
    "-append",
    [
      "console=ttyS0 loglevel=5 net.ifnames=0 no_timer_check panic=-1 rw TERM=dumb",
      ...words,
    ].join(" "),
    "-drive",
    `file=${disk.image},format=raw,if=virtio,cache=unsafe`,
    ...(secondDisk === undefined ? [] : [
      "-device",
      "virtio-scsi-pci",
      "-drive",
      `file=${secondDisk},format=raw,if=none,id=second,cache=unsafe`,
      "-device",
      "scsi-hd,drive=second,scsi-id=0,lun=1",
    ]),
    ...(discardChanges ? ["-snapshot"] : []),
    ...(medium === undefined ? [] : [
      "-device",
      "virtio-scsi-pci",
      "-drive",
      `file=${medium},format=raw,if=none,id=medium,media=cdrom`,
      "-device",
      "scsi-cd,drive=medium",
    ]),
    ...cards,
    "-serial",
    `file:${folder}/console`,
    "-serial",
    `unix:${folder}/agent,server=on,wait=on`,
  ]));
}

/** The card of a machine that has one. */
function cardOf({ cable = "platform" }: QemuOptions): string[] {
  return [
    "-netdev",
    cable === "platform" ? "user,id=cable" : "hubport,id=cable,hubid=0",
    "-device",
    "virtio-net-pci,netdev=cable,romfile=",
  ];
}

function failIfEnded(machine: Background): void {
  if (!machine.ended) return;
  throw new Error(`The machine ended: ${machine.output.stderr}`);
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
