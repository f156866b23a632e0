# What is mounted where.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $escaped to a folder's path as the kernel writes it in the list of mounts, with a slash at its end.
as_mounted() {
  case $1 in
  *[!A-Za-z0-9/._+-]*) ;;
  *)
    escaped=${1%/}/
    return 0
    ;;
  esac
  escaped=$(
    printf '%s/' "${1%/}" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/	/\\011/g' -e '$!s/$/\\012/' | tr -d '\n'
  )
}

# Whether something is mounted at a path or below it: `rm -r` would empty that as well.
holds_a_mount() {
  if [ ! -r /proc/self/mountinfo ]; then
    holds_a_device "$1"
    return
  fi
  as_mounted "$1"
  while read -r _ _ _ _ mounted _; do
    case $mounted/ in "$escaped"*) return 0 ;; esac
  done </proc/self/mountinfo
  return 1
}

# The same without /proc, as far as it can be seen: there is another file system, and something in it. If in doubt, yes.
holds_a_device() {
  holds_outside=$(stat -c %d "${1%/*}/") && holds_inside=$(stat -c %d "$1") && [ "$holds_outside" = "$holds_inside" ] &&
    has find && [ "$(find "$1" | wc -l)" = "$(find "$1" -xdev | wc -l)" ] || return 0
  return 1
}

# Whether something is mounted on a file, so that what is written to it gets elsewhere; unknown without /proc.
is_mounted_on() {
  [ -r /proc/self/mountinfo ] && holds_a_mount "$1"
}

whole=mounts
