# Finds out, without writing, whether install.sh can write where it has to.
# shellcheck shell=sh disable=SC2034,SC2154

phase=act conflicts='' nearest_writable=''

# Notes a conflict, a line each.
conflict() {
  make_printable "$1"
  case $newline$conflicts in
  *"$newline$printable$newline"*) ;;
  *) conflicts=$conflicts$printable$newline ;;
  esac
}

# Sets $nearest to the nearest folder above a path that exists, and $nearest_odd to what stands where a folder has to be made.
nearest_folder() {
  nearest_path=$1 nearest_odd=''
  while :; do
    parent_of "$nearest_path"
    nearest_path=$parent
    if [ -z "$nearest_path" ] || tree_dir "$nearest_path"; then break; fi
    if resolve_link "$nearest_path" && { [ -L "$resolved" ] || [ -e "$resolved" ]; }; then nearest_odd=$nearest_path; fi
  done
  resolve "${nearest_path:-/}"
  nearest=$resolved
}

# In some shells, "-w" is true for root even on a read-only file system.
can_write() {
  [ -w "$1" ] && ! is_read_only "$1"
}

# Whether a file system is mounted read-only; without /proc, that shows when it is written to.
is_read_only() {
  [ -r /proc/self/mountinfo ] || return 1
  as_mounted "$1"
  read_only_best='' read_only=no
  while read -r _ _ _ _ mounted mount_options mount_rest; do
    case $escaped in
    "${mounted%/}/"*) ;;
    *) continue ;;
    esac
    # Of two mounts at one place, the later one counts.
    [ "${#mounted}" -ge "${#read_only_best}" ] || continue
    read_only_best=$mounted read_only=no
    case ",$mount_options,,${mount_rest##* }," in *,ro,*) read_only=yes ;; esac
  done </proc/self/mountinfo
  [ "$read_only" = yes ]
}

# A missing folder that a link leads to is not made: in such an image, as on /var of an ostree, what is written there now does
# not get into the image.
can_write_beside() {
  nearest_folder "$1"
  if [ -n "$nearest_odd" ]; then
    if has_link "$nearest_odd"; then
      conflict "$root$nearest_odd is a link to $(readlink "$resolved"), which does not exist: choose another folder (PREFIX is \
$prefix), or make that one if the image keeps it"
    else
      conflict "$root$nearest_odd is not a folder: move it away"
    fi
    return 0
  fi
  is_one_of "$nearest" "$nearest_writable" || can_write "$nearest" || {
    conflict "Cannot write to $nearest: run as root, or remount it if it is read-only"
    return 0
  }
  nearest_writable=$nearest
}

whole=writable
