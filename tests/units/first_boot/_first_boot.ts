import {
  type Machine,
  type MachineOptions,
  machineTest,
  PROGRAM,
  SCRIPTS,
  STATE,
} from "../_machine.ts";

/** The script under test. */
export const FIRST_BOOT = `${SCRIPTS}/first-boot`;
/** The script that reads the provisioning media. */
export const MEDIA = `${SCRIPTS}/media`;
/** The script that runs the user data. */
export const USER_DATA = `${SCRIPTS}/userdata`;
/** Names the VM that is done. */
export const FLAG = `${STATE}/boot-done`;
/** What the program says. */
export const LOG = "/var/log/azure-provisioning.log";
/** What the user data says. */
export const USER_DATA_LOG = "/var/log/azure-provisioning-userdata.log";
/** Lets the user data run. */
export const USER_DATA_ENABLED = "/etc/azure-provisioning.userdata";
/** Lets it provision a machine without Azure's chassis tag. */
export const ANYWHERE = "/etc/azure-provisioning.anywhere";
/** The chassis tag. */
export const TAG = "/sys/class/dmi/id/chassis_asset_tag";
/** The folder of the copies from the media. */
export const COPIES = "/run/azure-provisioning";
/** The folder that one run holds. */
export const LOCK = "/run/azure-provisioning.lock";
/** Holds the work back until the next boot. */
export const NEXT_BOOT = "/run/azure-provisioning.next-boot";
/** The content of Azure's chassis tag. */
export const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77\n";
/** A program that says that it has started. */
export const STARTED = "#!/bin/sh\necho started >&2\n";
/** A program that counts its runs. */
export const RAN = "#!/bin/sh\necho ran >>/ran\n";

/** A machine whose media are not there, and whose program says that it has started. */
export function firstBootTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options?: MachineOptions,
): void {
  machineTest(`first-boot: ${name}`, async (machine) => {
    await machine.remove(MEDIA);
    await machine.put(PROGRAM, STARTED);
    await machine.put(USER_DATA, "#!/bin/sh\n");
    await test(machine);
  }, options);
}

/** Runs the script, as the init does. */
export function boot(
  machine: Machine,
  ...args: readonly string[]
): ReturnType<Machine["run"]> {
  return machine.run(FIRST_BOOT, ...args);
}
