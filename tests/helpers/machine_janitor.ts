import { cleanUpIfKilled } from "./janitor.ts";

/**
 * Has a machine's processes, control groups, network and folders taken away if this
 * process dies before it could.
 *
 * @param name The machine's unique name.
 * @param dir Its folder, if it has one of its own.
 * @returns What to dispose of once there is nothing to clean up any more.
 */
export function cleanUpMachineIfKilled(
  name: string,
  dir?: string,
): AsyncDisposable {
  return cleanUpIfKilled(
    CLEAN_UP,
    dir === undefined ? [name] : [name, dir],
  );
}

/** What is left of a machine whose test was killed; $0 is its name, $1 its folder. */
const CLEAN_UP = `
  for tries in 1 2 3 4 5; do
    for namespace in "$0"p "$0"v "$0"v2 "$0"v3; do
      ip netns pids "$namespace" | xargs -r kill -9
    done
    find /sys/fs/cgroup/*/"$0" /sys/fs/cgroup/"$0" -name cgroup.procs -exec cat {} + | xargs -r kill -9
    sleep 0.2
  done
  for namespace in "$0"p "$0"v "$0"v2 "$0"v3; do ip netns delete "$namespace"; done
  find /sys/fs/cgroup/*/"$0" /sys/fs/cgroup/"$0" -depth -type d -exec rmdir {} +
  rmdir "/run/systemd/nspawn/propagate/$0"
  [ $# = 0 ] || rm -rf --one-file-system "$1"`;
