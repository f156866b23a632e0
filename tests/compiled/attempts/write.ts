import { type Attempt, refused, STATE, works } from "./attempt.ts";

/** The folder where Hyper-V's daemon keeps the key-value pairs. */
const KVP = "/var/lib/hyperv";

/** Writing, renaming, linking and removing files. */
export const WRITE: readonly Attempt[] = [
  works("write the state", () => Deno.writeTextFileSync(`${STATE}/x`, "x")),
  works("write /etc/hostname and rename to it", () => {
    Deno.writeTextFileSync("/etc/.hostname.azure-provisioning", "image\n");
    Deno.renameSync("/etc/.hostname.azure-provisioning", "/etc/hostname");
  }),
  works("write /etc/hosts and rename to it", () => {
    Deno.writeTextFileSync("/etc/.hosts.azure-provisioning", "");
    Deno.renameSync("/etc/.hosts.azure-provisioning", "/etc/hosts");
  }),
  works(
    "write the pool that the host reads",
    () => Deno.writeFileSync(`${KVP}/.kvp_pool_1`, new Uint8Array()),
  ),
  works("write the copy of the provisioning media, and remove it", () => {
    Deno.writeTextFileSync("/run/azure-provisioning/ovf-env.xml", "x");
    Deno.removeSync("/run/azure-provisioning/ovf-env.xml");
  }),
  ...[
    "/home/azure/file",
    "/etc/doas.conf",
    "/etc/ssh/sshd_config.d/00-azure-provisioning.conf",
    "/etc/sudoers.d/90-azure-provisioning",
  ].map((path) =>
    works(`write ${path}`, () => Deno.writeTextFileSync(path, "x"))
  ),
  ...[
    `${KVP}/.kvp_pool_0`,
    `${KVP}/.kvp_pool_1.new`,
    "/etc/passwd",
    "/etc/shadow",
    "/root/.ssh/authorized_keys",
    "/home2/x",
    "/home/../etc/passwd",
    "/etc/ssh/sshd_config",
    "/etc/ssh/authorized_keys2",
    "/etc/ssh/sshd_config.d/x.conf",
    "/etc/sudoers",
    "/etc/sudoers.d/x",
    "/etc/hostname.bak",
    "/etc/hostname/../passwd",
    "/etc/.hosts.azure-provisioning/../shadow",
    "/var/lib/other",
    "/var/lib/azure-provisioning-2",
    `${STATE}/../other`,
    "/tmp/x",
    "/run/x",
    "/run/azure-provisioning/x",
    "/dev/null",
    "/proc/sys/kernel/hostname",
    "/proc/self/oom_score_adj",
    "./x",
  ].map((path) =>
    refused(`write ${path}`, () => Deno.writeTextFileSync(path, "x"))
  ),
  {
    // Deno checks the name only. The next two are why there is no such link: only root can make one.
    what: "write through a link that leads out of the state",
    ends: "works",
    run: () => Deno.writeTextFileSync(`${STATE}/passwd`, "x"),
  },
  refused(
    "make a symbolic link in the state",
    () => Deno.symlinkSync("/etc/passwd", `${STATE}/y`),
  ),
  refused(
    "link a file into the state",
    () => Deno.linkSync("/etc/passwd", `${STATE}/y`),
  ),
  refused("make a folder", () => Deno.mkdirSync("/etc/x")),
  refused("make a temporary file", () => Deno.makeTempFileSync()),
  refused("remove a file", () => Deno.removeSync("/etc/passwd")),
  refused(
    "rename a file away",
    () => Deno.renameSync("/etc/passwd", `${STATE}/y`),
  ),
  refused(
    "rename the state to a file elsewhere",
    () => Deno.renameSync(`${STATE}/x`, "/etc/passwd"),
  ),
  refused(
    "copy the state elsewhere",
    () => Deno.copyFileSync(`${STATE}/x`, "/etc/passwd"),
  ),
  works(
    "change a mode in the state",
    () => Deno.chmodSync(`${STATE}/x`, 0o600),
  ),
  refused(
    "change a mode elsewhere",
    () => Deno.chmodSync("/etc/passwd", 0o666),
  ),
  refused(
    "change an owner elsewhere",
    () => Deno.chownSync("/etc/passwd", 1, 1),
  ),
  refused(
    "change a time elsewhere",
    () => Deno.utimeSync("/etc/passwd", 0, 0),
  ),
  refused(
    "truncate a file elsewhere",
    () => Deno.truncateSync("/etc/passwd"),
  ),
];
