#!/bin/sh
# Measures a cold start from different file systems and with different read-aheads: prints a Markdown table of medians, in milliseconds.
#
#   tests/bench/cold.sh [ROUNDS]    needs root, loop devices, mke2fs, mksquashfs and mkfs.erofs; drops the page cache
#
# The program reads a goal state from a file: that starts the whole runtime and the parser, but sends no request.
set -eu

rounds=${1:-11}
program=$(cd "$(dirname "$0")/../.." && pwd)/dist/azure-provisioning
read_aheads='128 512 4096'
folder=$(mktemp -d /var/tmp/azure-provisioning-cold-XXXXXX)
mounted=''

clean_up() {
  for mount in $mounted; do umount "$mount" || :; done
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The libraries are the same for all, and stay warm.
make_image() {
  case $1 in
  ext4) mke2fs -q -t ext4 -d "$folder/root" "$folder/ext4.image" 256M ;;
  squashfs-zstd) mksquashfs "$folder/root" "$folder/squashfs-zstd.image" -quiet -no-progress -comp zstd ;;
  squashfs-lz4) mksquashfs "$folder/root" "$folder/squashfs-lz4.image" -quiet -no-progress -comp lz4 ;;
  erofs) mkfs.erofs --quiet "$folder/erofs.image" "$folder/root" ;;
  erofs-lz4) mkfs.erofs --quiet -zlz4hc "$folder/erofs-lz4.image" "$folder/root" ;;
  esac
}

median() {
  sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# Prints the time of one start, in milliseconds.
start() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
  # Start what runs the program, so that it does not count.
  date >/dev/null
  /bin/true
  begin=$(date +%s%N)
  "$1/azure-provisioning" goal-state "$1/goal-state.xml" >/dev/null
  end=$(date +%s%N)
  echo $(((end - begin) / 1000000))
}

mkdir "$folder/root"
cp "$program" "$folder/root/"
cat >"$folder/root/goal-state.xml" <<'XML'
<GoalState><Incarnation>1</Incarnation><Container><ContainerId>c</ContainerId>
<RoleInstanceList><RoleInstance><InstanceId>i</InstanceId></RoleInstance></RoleInstanceList></Container></GoalState>
XML

echo '| File system | Size, MB | Read-ahead, KiB | Cold start, ms |'
echo '| --- | --: | --: | --: |'
for kind in ext4 squashfs-zstd squashfs-lz4 erofs erofs-lz4; do
  make_image "$kind" >/dev/null 2>&1
  mkdir "$folder/$kind"
  # Direct, as the image's file would be read ahead as well.
  device=$(losetup --find --show --read-only --direct-io=on "$folder/$kind.image")
  mount -o ro "$device" "$folder/$kind"
  losetup -d "$device" # It goes when it is unmounted.
  mounted="$folder/$kind $mounted"
  size=$(du -m --apparent-size "$folder/$kind.image" | cut -f 1)
  [ "$kind" != ext4 ] || size=$(du -m --apparent-size "$program" | cut -f 1)
  for kib in $read_aheads; do
    blockdev --setra $((kib * 2)) "$device"
    times=$(for _ in $(seq "$rounds"); do start "$folder/$kind"; done)
    echo "| $kind | $size | $kib | $(echo "$times" | median) |"
  done
done
