import { succeed } from "../../helpers/command.ts";
import { TALK } from "../_agent.ts";
import { cached, shortHash } from "../_cache.ts";

const MAKING_TIMEOUT_MS = 900_000;

/** The package of the kernel that Debian has for clouds, of what its initrd runs, and of what lists modules. */
const PACKAGES = "linux-image-cloud-amd64,busybox-static,kmod";

/** A stock kernel with what it needs to reach a disk. */
export interface Kernel {
  /** The kernel itself. */
  readonly image: string;
  /** The initrd, which hands over to the disk's init. */
  readonly initrd: string;
  /** A folder to copy into a root: the kernel's modules for optical drives and what is in them, and for SCSI disks. */
  readonly opticalModules: string;
}

/**
 * Takes Debian's cloud kernel out of its package, or finds it taken out by an
 * earlier run.
 *
 * @returns The kernel.
 */
export async function stockKernel(): Promise<Kernel> {
  const folder = await cached(
    `kernels/cloud-${await shortHash(PACKAGES + MAKE + INITRD_INIT)}`,
    async (folder) => {
      await succeed(
        "sh",
        ["-euc", MAKE, folder, PACKAGES, INITRD_INIT],
        MAKING_TIMEOUT_MS,
      );
    },
  );
  return {
    image: `${folder}/vmlinuz`,
    initrd: `${folder}/initrd`,
    opticalModules: `${folder}/optical`,
  };
}

/** Extracted packages are never configured, so that nothing of them is run but busybox and depmod; $0 is the folder to make. */
const MAKE = `
  mkdir "$0"
  mmdebstrap --quiet --mode=root --variant=extract --include="$1" bookworm "$0/tree"
  cd "$0/tree"
  release=$(ls lib/modules)
  chroot . /bin/busybox depmod "$release"
  initrd=$0/files modules=lib/modules/$release
  mkdir -p "$initrd/bin" "$initrd/$modules"
  for folder in dev proc sys root; do mkdir "$initrd/$folder"; done
  cp bin/busybox "$initrd/bin"
  printf '%s\\n' "$2" >"$initrd/init"
  chmod 755 "$initrd/init"
  cp "$modules/modules.dep" "$initrd/$modules"
  grep -E '/(virtio_pci|virtio_blk|virtio_net)\\.ko:' "$modules/modules.dep" | tr -d : | xargs -n 1 |
    sort -u | while read -r module; do
      mkdir -p "$initrd/$modules/\${module%/*}"
      cp "$modules/$module" "$initrd/$modules/$module"
    done
  optical=$0/tree/optical/lib/modules/$release
  mkdir -p "$optical"
  grep -E '/(virtio_scsi|sd_mod|sr_mod|udf|isofs)\\.ko:' "$modules/modules.dep" | tr -d : | xargs -n 1 |
    sort -u | while read -r module; do
      mkdir -p "$optical/\${module%/*}"
      cp "$modules/$module" "$optical/$module"
    done
  cp "$modules/modules.builtin" "$modules/modules.order" "$optical"
  chroot . /sbin/depmod -b /optical "$release"
  mkdir -p "$0/optical/usr"
  mv "$0/tree/optical/lib" "$0/optical/usr"
  (cd "$initrd" && find . | "$0/tree/bin/busybox" cpio -o -H newc 2>/dev/null) >"$0/initrd"
  cp "boot/vmlinuz-$release" "$0/vmlinuz"
  cd "$0"
  rm -rf --one-file-system tree files`;

/** What the initrd does, as one of Debian's would: no disk is written to but for what an earlier boot has told the test. */
const INITRD_INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
modprobe -a virtio_pci virtio_blk virtio_net
while [ ! -b /dev/vda ]; do sleep 0.1; done
disk=/dev/vda
[ ! -b /dev/vda1 ] || disk=/dev/vda1
mount -t ext4 "$disk" /root
rm -rf /root${TALK}
mkdir /root${TALK}
for folder in dev proc sys; do mount --move /$folder /root/$folder; done
exec switch_root /root /sbin/init`;
